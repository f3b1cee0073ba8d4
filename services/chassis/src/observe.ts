import type { Request, RequestHandler } from "express";
import type { Logger } from "./log.ts";
import type { Metrics, Sender } from "./metrics.ts";
import { passedOnRoute, wasHandedOn } from "./ownership/forward.ts";
import { inTrace, readTrace } from "./trace.ts";

/**
 * Puts each request into its trace, and once it is over writes one line and counts it. No header and no body is logged:
 * they hold tokens and passwords.
 */
export function observe(log: Logger, metrics: Metrics): RequestHandler {
  return (req, res, next) => {
    const begin = performance.now();
    const trace = readTrace(req.headers);
    const over = () => {
      const ms = performance.now() - begin;
      const { method, originalUrl: url } = req;
      const status = res.statusCode;
      metrics.request(method, routeOf(req) ?? passedOnRoute(res), status, senderOf(req), ms);
      log[status >= 500 ? "error" : "info"](
        { method, url, status, responseTime: Math.round(ms) },
        `${method} ${url} ${status} ${Math.round(ms)} ms`,
      );
    };
    res.once("close", () => inTrace(trace, over));
    inTrace(trace, next);
  };
}

const routeOf = (req: Request): string | undefined => (req.route as { path?: string } | undefined)?.path;

/** Every balancer adds a header of its own; peers, and who asks a process by its own address, do not. */
export function senderOf(req: Request): Sender {
  if (wasHandedOn(req)) return "other_side";
  return req.headers["x-forwarded-for"] === undefined ? "direct" : "balancer";
}
