import express, { type Express, type Response, type Router } from "express";
import { sendJson } from "./answer.ts";
import { errorAnswer, methodNotAllowed, unknownAddress } from "./errors.ts";
import { addHealth, type ReadyChecks } from "./health.ts";
import type { Logger } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { observe } from "./observe.ts";
import { admission } from "./overload.ts";
import { everyAnswer } from "./security.ts";

export interface AppOptions {
  log: Logger;
  metrics: Metrics;
  /** How many balancers stand in front, each adding an entry to `X-Forwarded-For`. */
  trustedProxies: number;
  /** How many requests are answered at a time; see `admission`. */
  maxRequests: number;
  ready: ReadyChecks;
  routes: Router[];
}

/** The Express app of every HTTP process here: the same middleware in the same order around a module's routes. */
export function createApp({ log, metrics, trustedProxies, maxRequests, ready, routes }: AppOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  // The balancer's path rules are case-sensitive: what they do not match must not be answered here either.
  app.enable("case sensitive routing");
  app.set("query parser", "simple");
  app.set("trust proxy", trustedProxies);
  // The short way to the same bytes.
  app.response.json = function (this: Response, body: unknown) {
    return sendJson(this, JSON.stringify(body));
  };

  addHealth(app, ready);
  app.use(admission({ limit: maxRequests, log, metrics }));
  app.use(observe(log, metrics), everyAnswer);
  addGreeting(app);
  app.use(...routes);
  app.use(unknownAddress, errorAnswer(log));
  return app;
}

function addGreeting(app: Express): void {
  app
    .route("/")
    .get((_req, res) => void res.type("text/plain").send("Ready to receive requests"))
    .all(methodNotAllowed);
  app
    .route("/api/")
    .get((_req, res) => void res.type("text/plain").send("API ready to receive requests"))
    .all(methodNotAllowed);
}
