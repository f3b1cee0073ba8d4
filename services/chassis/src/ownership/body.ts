/** The bytes of a request's body, kept for passing the request on, whoever has read them. */
import express, { type Request, type RequestHandler } from "express";

const bodies = new WeakMap<object, Buffer>();

/** Far more than any owner takes: it is for the owner to refuse a body. */
const LIMIT = "1mb";
const readRaw = express.raw({ type: () => true, limit: LIMIT, inflate: false });

/** Keeps a body that is being parsed: for the option `verify` of Express's parsers. */
export const keepBody = (req: object, _res: unknown, body: Buffer): void => void bodies.set(req, body);

/** The body if it has been read already. */
export const keptBody = (req: object): Buffer | undefined => bodies.get(req);

/** The body as it came; reads it unless that has been done. Undefined when there is none. */
export async function bodyOf(req: Request): Promise<Buffer | undefined> {
  if (!bodies.has(req)) {
    await run(readRaw, req);
    if (Buffer.isBuffer(req.body)) bodies.set(req, req.body);
    req.body = undefined;
  }
  return bodies.get(req);
}

const run = (handler: RequestHandler, req: Request): Promise<void> =>
  new Promise((resolve, reject) => handler(req, req.res!, (error?: unknown) => (error ? reject(error) : resolve())));
