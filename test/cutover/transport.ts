import { send } from "../support/client.ts";
import type { Outcome } from "./history.ts";
import { cookieJar } from "../support/jar.ts";

export interface Call {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  token?: string | undefined;
  body?: unknown;
}

export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
}

/** How one session reaches a forum. */
export interface Transport {
  /** Rejects when there is no answer. */
  call(call: Call): Promise<Reply>;
  /** What the session's cookie says it has seen, in milliseconds since 1970; 0 without one. */
  seen(): number;
}

/** Milliseconds. A forum has answered by then, be it with a 503. */
const TIMEOUT = 15_000;

/** A session over HTTP, with a cookie jar of its own. */
export function httpSession(url: string): Transport {
  const jar = cookieJar();
  return {
    async call({ method, path, token, body }) {
      const cookie = jar.header();
      const headers = { ...(cookie !== undefined && { cookie }) };
      const reply = await send(method, url + path, { token, body, headers, signal: AbortSignal.timeout(TIMEOUT) });
      jar.keep(reply.headers["set-cookie"]);
      return reply;
    },
    seen: () => Number(jar.get("seen") ?? 0),
  };
}

/** What an answer says about whether the request was done. */
export function outcomeOf({ status, headers }: Pick<Reply, "status" | "headers">): Outcome {
  if (status < 300) return "acknowledged";
  if (status < 500) return "refused";
  return status === 503 && headers["retry-after"] !== undefined ? "unavailable" : "unknown";
}

/** What an error says about it: without a connection nothing was sent. */
export const outcomeOfError = (error: unknown): Outcome =>
  (error as NodeJS.ErrnoException).code === "ECONNREFUSED" ? "unavailable" : "unknown";
