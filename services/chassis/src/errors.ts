import type { ErrorRequestHandler, RequestHandler } from "express";
import { isDatabaseAway } from "./database.ts";
import type { Logger } from "./log.ts";
import { invalid, notFound, Problem, unavailable } from "./problem.ts";
import { currentTrace } from "./trace.ts";

/** 404 for an address that no route knows. */
export const unknownAddress: RequestHandler = (req) => {
  throw notFound(`There is nothing at ${req.path}.`);
};

/** 405 for a method that a route does not know; goes last in a route: `.all(methodNotAllowed)`. */
export const methodNotAllowed: RequestHandler = (req, res) => {
  const known = Object.keys((req.route as { methods: Record<string, boolean> }).methods)
    .filter((method) => method !== "_all")
    .map((method) => method.toUpperCase());
  const allow = [...known, ...(known.includes("GET") ? ["HEAD"] : []), "OPTIONS"].sort().join(", ");
  if (req.method === "OPTIONS") {
    res.set("Allow", allow).status(204).end();
    return;
  }
  throw new Problem("method-not-allowed", { detail: `Allowed here: ${allow}.`, headers: { Allow: allow } });
};

/** Turns whatever was thrown into the problem that the client is told. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isDatabaseAway(error)) return unavailable("The database does not answer. Try again shortly.", error);
  switch ((error as { type?: unknown } | null)?.type) {
    case "entity.parse.failed":
      return invalid([{ field: "body", message: `must be JSON: ${(error as Error).message}` }]);
    case "entity.too.large":
      return new Problem("too-large", { detail: "A body may have at most 100 kB." });
    case "encoding.unsupported":
    case "charset.unsupported":
      return new Problem("unsupported-media-type");
    case "request.aborted":
    case "request.size.invalid":
      return invalid([{ field: "body", message: "ended before its announced length" }]);
  }
  if (error instanceof URIError) return invalid([{ field: "path", message: "is not valid percent-encoding" }]);
  return new Problem("internal", { cause: error });
}

/** The one place where errors become answers. */
export function errorAnswer(log: Logger): ErrorRequestHandler {
  return (error, _req, res, next) => {
    const problem = problemOf(error);
    if (problem.kind === "internal") log.error({ err: error }, "unexpected error");
    else if (problem.cause) log.warn({ err: problem.cause }, problem.message);
    // An answer that has begun cannot be turned into another: Express ends the connection.
    if (res.headersSent) return next(error);
    res
      .status(problem.status)
      .set(problem.headers)
      .type("application/problem+json")
      .send(JSON.stringify(problem.document(currentTrace()?.id ?? "")));
  };
}
