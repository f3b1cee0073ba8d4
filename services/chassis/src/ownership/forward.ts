import type { Request, Response } from "express";
import { pipeline } from "node:stream/promises";
import type { Client, RawAnswer } from "../peer-client.ts";
import { Problem, unavailable } from "../problem.ts";
import { traceHeaders } from "../trace.ts";
import { bodyOf } from "./body.ts";

/** Marks a request that the other side has passed on: it is not passed on again, so it cannot go round in circles. */
const MARK = "x-handed-on";
/** What a side that does not own the module either answers to a request that was passed on; no client ever sees it. */
export const MISDIRECTED = 421;

export const wasHandedOn = (req: Request): boolean => req.headers[MARK] !== undefined;

/** Under which route the metrics count a request that never reached one here: `/api/MODULE/*`. */
export const passedOnRoute = (res: Response): string | undefined => res.locals["passedOnRoute"] as string | undefined;
export const countAsPassedOn = (res: Response, module: string): void => {
  res.locals["passedOnRoute"] = `/api/${module}/*`;
};

/** Headers that belong to a connection (RFC 9110, 7.6.1), and those that are made anew. */
const OWN = new Set(
  ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "expect"].concat([
    "content-length",
    "traceparent",
    "tracestate",
    "x-amzn-trace-id",
  ]),
);
const OF_A_CONNECTION = new Set(["connection", "keep-alive", "transfer-encoding"]);

/** Errors before anything was sent. */
const NOT_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);

/** The other side of a module, to which requests are passed on. */
export interface OtherSide {
  /**
   * Passes a request on and the answer back, both untouched but for what belongs to the connection. Gives false, with
   * nothing answered, when the other side cannot be reached or does not own the module either.
   * @throws Problem 500 when the connection broke and nobody knows whether a write was done
   */
  pass(req: Request, res: Response): Promise<boolean>;
  close(): Promise<void>;
}

/** Milliseconds to connect. */
const CONNECT_TIMEOUT = 500;

export function otherSide(url: string): OtherSide {
  let opened: Promise<Client> | undefined;
  // Loaded at the first call: the client is large, and a service is ready sooner without it.
  const client = () => (opened ??= import("../peer-client.ts").then(({ openClient }) => openClient(CONNECT_TIMEOUT)));
  return {
    async pass(req, res) {
      const body = await bodyOf(req);
      const answer = await ask(await client(), url, req, body);
      if (!answer) return false;
      if (answer.status === MISDIRECTED) {
        answer.body.resume();
        return false;
      }
      await giveBack(answer, res);
      return true;
    },
    close: async () => (await opened)?.close(),
  };
}

async function ask(client: Client, url: string, req: Request, body?: Buffer): Promise<RawAnswer | undefined> {
  const method = req.method as "GET";
  try {
    return await client.pass(url, { method, path: pathOf(req), headers: headersOf(req), body });
  } catch (error) {
    if (NOT_SENT.has((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    if (method === "GET" || method === "HEAD") throw unavailable("The owner of this did not answer.", error);
    const detail = "The connection to the owner broke: whether this was done is not known. Look before you repeat it.";
    throw new Problem("internal", { detail, cause: error });
  }
}

/** The address without the host that clients of a proxy put in front of it. */
const pathOf = ({ originalUrl }: Request): string => originalUrl.replace(/^[a-z]+:\/\/[^/]*/i, "");

/** The request's headers, as often and in the order as they came. */
function headersOf(req: Request): string[] {
  const headers = Object.entries(traceHeaders()).flat();
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    const [name, value] = [req.rawHeaders[i]!, req.rawHeaders[i + 1]!];
    if (!OWN.has(name.toLowerCase())) headers.push(name, value);
  }
  return [...headers, MARK, "1"];
}

async function giveBack({ status, headers, body }: RawAnswer, res: Response): Promise<void> {
  // What this side's own middleware has set would be there twice.
  for (const name of res.getHeaderNames()) if (name !== "connection") res.removeHeader(name);
  res.status(status);
  for (let i = 0; i < headers.length; i += 2) {
    const [name, value] = [String(headers[i]), String(headers[i + 1])];
    if (!OF_A_CONNECTION.has(name.toLowerCase())) res.appendHeader(name, value);
  }
  // A client that has gone, or an owner that dies halfway: the connection ends, and who is left notices.
  await pipeline(body, res).catch(() => {});
}
