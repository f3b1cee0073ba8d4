import type { RequestHandler, Response } from "express";
import helmet from "helmet";

/** What helmet sets on every answer: the same each time, so it is asked once. */
function securityHeaders(): [name: string, value: string][] {
  const headers = new Map<string, string>();
  const answer = { setHeader: (name: string, value: string) => headers.set(name, value), removeHeader() {} };
  const directives = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };
  helmet({ contentSecurityPolicy: { useDefaults: false, directives } })(
    {} as never,
    answer as unknown as Response,
    (error?: unknown) => {
      if (error) throw error;
    },
  );
  return [...headers];
}

const headers = [...securityHeaders(), ["Cache-Control", "no-store"] as const];

/** Sets the headers that every answer has, unless its route says otherwise. */
export const everyAnswer: RequestHandler = (_req, res, next) => {
  for (const [name, value] of headers) res.setHeader(name, value);
  next();
};
