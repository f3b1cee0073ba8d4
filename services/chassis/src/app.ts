import express, { type Express, type Router } from "express";
import helmet from "helmet";
import { errorAnswer, methodNotAllowed, unknownAddress } from "./errors.ts";
import { healthRoutes, type ReadyChecks } from "./health.ts";
import { requestLog, type Logger } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { inTrace, readTrace } from "./trace.ts";

export interface AppOptions {
  log: Logger;
  metrics: Metrics;
  /** How many balancers stand in front, each adding an entry to `X-Forwarded-For`. */
  trustedProxies: number;
  ready: ReadyChecks;
  routes: Router[];
}

/** The Express app of every HTTP process here: the same middleware in the same order around a module's routes. */
export function createApp({ log, metrics, trustedProxies, ready, routes }: AppOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  // The balancer's path rules are case-sensitive: what they do not match must not be answered here either.
  app.enable("case sensitive routing");
  app.set("query parser", "simple");
  app.set("trust proxy", trustedProxies);

  app.use(healthRoutes(ready));
  app.use((req, _res, next) => inTrace(readTrace(req.headers), next));
  app.use(requestLog(log), metrics.requests);
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    }),
    (_req, res, next) => {
      res.set("Cache-Control", "no-store");
      next();
    },
  );
  app.use(greeting(), ...routes);
  app.use(unknownAddress, errorAnswer(log));
  return app;
}

function greeting(): Router {
  const router = express.Router({ caseSensitive: true });
  router
    .route("/")
    .get((_req, res) => void res.type("text/plain").send("Ready to receive requests"))
    .all(methodNotAllowed);
  router
    .route("/api/")
    .get((_req, res) => void res.type("text/plain").send("API ready to receive requests"))
    .all(methodNotAllowed);
  return router;
}
