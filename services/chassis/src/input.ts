import { Readable } from "node:stream";
import express, { type NextFunction, type Request, type RequestHandler, type Response } from "express";
import type * as z from "zod";
import type { FieldError } from "../../contract/src/index.ts";
import { keepBody, keptBody } from "./ownership/body.ts";
import { invalid, Problem } from "./problem.ts";

/** Largest body that is read. */
const BODY_LIMIT = "100kb";

const parseJson = express.json({ limit: BODY_LIMIT, inflate: false, type: "application/json", verify: keepBody });

/** Reads a JSON body; 400, 413 or 415 for anything else. Compressed bodies are refused: they hide their size. */
export const jsonBody: RequestHandler = (req, res, next) => {
  const hasBody = req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > 0;
  if (hasBody && !req.is("application/json")) throw new Problem("unsupported-media-type");
  const kept = keptBody(req);
  if (kept) parseAgain(req, kept, res, next);
  else parseJson(req, res, next);
};

/** Parses a body that was read before, for passing the request on: its stream is at its end. */
function parseAgain(req: Request, body: Buffer, res: Response, next: NextFunction): void {
  const replay = Object.assign(Readable.from([body]), { headers: req.headers, body: undefined });
  parseJson(replay as unknown as Request, res, (error) => {
    req.body = replay.body;
    next(error);
  });
}

type Parts = { params?: z.ZodType; query?: z.ZodType; body?: z.ZodType };
type Input<P extends Parts> = { [K in keyof P]: P[K] extends z.ZodType ? z.output<P[K]> : never };

/**
 * The parts of a request as the contract has them. Throws one 400 that names every wrong field of all parts.
 * A part's fields keep their names; `body` stands for a body that is no object at all.
 */
export function input<P extends Parts>(req: Request, parts: P): Input<P> {
  const errors: FieldError[] = [];
  const read: Record<string, unknown> = {};
  for (const part of ["params", "query", "body"] as const) {
    const schema = parts[part];
    if (!schema) continue;
    // Without its input an issue does not tell a missing field from one of another type.
    const result = schema.safeParse(req[part], { reportInput: true });
    if (result.success) read[part] = result.data;
    else errors.push(...result.error.issues.flatMap((issue) => fieldErrors(issue, part)));
  }
  if (errors.length > 0) throw invalid(errors);
  return read as Input<P>;
}

function fieldErrors(issue: z.core.$ZodIssue, part: string): FieldError[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((field) => ({ field, message: "is not a known field" }));
  const field = issue.path.join(".") || part;
  if (issue.code === "invalid_type") {
    return [{ field, message: issue.input === undefined ? "is missing" : `must be of type ${issue.expected}` }];
  }
  return [{ field, message: issue.message }];
}
