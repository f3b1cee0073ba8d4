import { createServer, type Server } from "node:http";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "@prometheus-io/client";
import type { Database } from "./database.ts";

/** Seconds. Each at most twice the one before, so that percentiles read from them are worth something. */
const BUCKETS = [
  ...[0.0005, 0.001, 0.0015, 0.002, 0.003, 0.004, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075],
  ...[0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10],
];

/** Who sent a request: a balancer, the other side of a module, or another process by itself. */
export type Sender = "balancer" | "other_side" | "direct";

export interface Metrics {
  registry: Registry;
  /** Counts a request that is over. `route` is its pattern, if it had one. */
  request(method: string, route: string | undefined, status: number, sender: Sender, ms: number): void;
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
    labelNames: ["method", "route", "status", "sender"],
    buckets: BUCKETS,
    registers: [registry],
  });
  return {
    registry,
    request(method, route, status, sender, ms) {
      // The route's pattern, not the URL: labels must stay few. Methods nobody knows would be many.
      const known = route === undefined ? { method: "other", route: "none" } : { method, route };
      duration.observe({ ...known, status, sender }, ms / 1000);
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
