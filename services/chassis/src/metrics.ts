import { createServer, type Server } from "node:http";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "@prometheus-io/client";
import type { RequestHandler } from "express";
import type { Database } from "./database.ts";

export interface Metrics {
  registry: Registry;
  /** Times every request by method, route and status. */
  requests: RequestHandler;
}

/** The process's own figures, its pool's, and the duration of requests. */
export function createMetrics(database: Database): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "database_connections",
    help: "Connections of the pool by state.",
    labelNames: ["state"],
    registers: [registry],
    collect() {
      const { totalCount, idleCount, waitingCount } = database.pool;
      this.set({ state: "used" }, totalCount - idleCount);
      this.set({ state: "idle" }, idleCount);
      this.set({ state: "waited_for" }, waitingCount);
    },
  });
  const duration = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from a request's head to the end of its answer.",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    registry,
    requests(req, res, next) {
      const begin = performance.now();
      res.once("close", () => {
        // The route's pattern, not the URL: labels must stay few. Methods nobody knows would be many.
        const route = (req.route as { path?: string } | undefined)?.path ?? "none";
        const method = route === "none" ? "other" : req.method;
        duration.observe({ method, route, status: res.statusCode }, (performance.now() - begin) / 1000);
      });
      next();
    },
  };
}

/** A server for Prometheus alone, on a port that no balancer knows. */
export function metricsServer(registry: Registry): Server {
  return createServer((req, res) => {
    if (req.url !== "/metrics" || req.method !== "GET") {
      res.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => res.writeHead(200, { "Content-Type": registry.contentType }).end(text),
      () => res.writeHead(500).end(),
    );
  });
}
