/** Keeps a process from taking on more than it can do: what would be too much is refused before anything is done for it. */
import type { Request, RequestHandler, Response } from "express";
import onHeaders from "on-headers";
import type { Logger } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { senderOf } from "./observe.ts";
import { turnTaking } from "./overload-turns.ts";
import { unreadAnswers, type UnreadAnswers } from "./overload-unread.ts";
import { unavailable } from "./problem.ts";
import { everyAnswer } from "./security.ts";
import { readTrace } from "./trace.ts";

export interface AdmissionOptions {
  /**
   * Requests under way at most, reads and writes counted apart: writers that wait for a handover keep no reader out.
   * It is also the length of the queue for the database, so it has to be passed in a fraction of a second.
   */
  limit: number;
  log: Logger;
  metrics: Pick<Metrics, "request">;
}

/** Requests of one kind that are being answered. */
interface UnderWay {
  count: number;
}

/** Requests begun in a turn of the event loop while there are more than usual. */
const PER_TURN = 4;
/** Requests under way that are nothing unusual. */
const USUAL = 64;

/** Answers on their way: far more than readers leave waiting, and far less than a task's memory. */
const UNREAD = { limit: 64 * 1024 * 1024, grace: 1000 };

const overloaded = unavailable("There are more requests than can be answered. Try again shortly.");

/** Lets requests through to the next handler, or answers 503 with `Retry-After`: no token looked at, no body read. */
export function admission({ limit, log, metrics }: AdmissionOptions): RequestHandler {
  const reads: UnderWay = { count: 0 };
  const writes: UnderWay = { count: 0 };
  const unread = unreadAnswers(UNREAD);
  const inTurn = turnTaking(PER_TURN);
  const report = reporter(log);
  return (req, res, next) => {
    const kind = isRead(req) ? reads : writes;
    if (kind.count >= limit) {
      refuse(req, res);
      metrics.request(req.method, undefined, overloaded.status, senderOf(req), 0);
      report();
      return;
    }
    // A body that comes slowly takes nobody's place: its request counts from when all of it is there.
    if (kind === writes && hasBody(req)) req.once("end", () => enter(kind, unread, req, res));
    else enter(kind, unread, req, res);
    if (reads.count + writes.count <= USUAL) next();
    else inTurn(() => res.destroyed || next());
  };
}

const isRead = ({ method }: Request): boolean => ["GET", "HEAD", "OPTIONS"].includes(method);

const hasBody = ({ headers }: Request): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

/** Counts a request until its answer is made, or nobody waits for it any more; how fast it is read does not matter. */
function enter(kind: UnderWay, unread: UnreadAnswers, req: Request, res: Response): void {
  if (res.headersSent || res.destroyed) return;
  let isIn = true;
  let read = () => {};
  const leave = () => {
    if (isIn) kind.count--;
    isIn = false;
  };
  kind.count++;
  onHeaders(res, () => {
    leave();
    read = unread.add(req.socket, Number(res.getHeader("Content-Length") ?? 0));
  });
  res.once("close", () => {
    leave();
    read();
  });
}

function refuse(req: Request, res: Response): void {
  const body = JSON.stringify(overloaded.document(readTrace(req.headers).id));
  everyAnswer(req, res, () => {});
  res.writeHead(overloaded.status, {
    ...overloaded.headers,
    "Content-Type": "application/problem+json; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
  });
  res.end(body);
}

/** Writes one line a second at most: a line for each refusal would cost more than the refusal. */
function reporter(log: Logger): () => void {
  let refused = 0;
  return () => {
    if (refused++ > 0) return;
    setTimeout(() => {
      log.warn({ refused }, `overloaded: ${refused} requests refused`);
      refused = 0;
    }, 1000).unref();
  };
}
