import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** The trace a request belongs to, however it was told: by W3C `traceparent` or by the balancer's header. */
export interface Trace {
  /** 32 hexadecimal digits. */
  id: string;
  /** W3C trace flags, two hexadecimal digits; `01` is "sampled". */
  flags: string;
  /** W3C `tracestate`, passed on as it came. */
  state?: string;
  /** `X-Amzn-Trace-Id`, passed on as it came: the balancer's access log has it. */
  amazon?: string;
}

const current = new AsyncLocalStorage<Trace>();

/** Runs `work`, and everything that it starts, as part of `trace`. */
export const inTrace = <T>(trace: Trace, work: () => T): T => current.run(trace, work);

/** The trace of the request at hand; undefined outside of a request. */
export const currentTrace = (): Trace | undefined => current.getStore();

const one = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

/** Reads the trace from a request's headers, `traceparent` first; starts a new one where there is none. */
export function readTrace(headers: IncomingHttpHeaders): Trace {
  const amazon = one(headers["x-amzn-trace-id"]);
  const state = one(headers["tracestate"]);
  const parent = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})/.exec(one(headers["traceparent"]) ?? "");
  const root = /(?:^|;) *Root=1-([0-9a-f]{8})-([0-9a-f]{24})(?:;|$)/.exec(amazon ?? "");
  return {
    id: parent?.[1] ?? (root ? `${root[1]}${root[2]}` : newTraceId()),
    flags: parent?.[2] ?? "01",
    ...(parent && state !== undefined && { state }),
    ...(root && amazon !== undefined && { amazon }),
  };
}

/** A new id of 32 hexadecimal digits. X-Ray wants the time of day, in seconds, in the first 8 digits. */
export function newTraceId(): string {
  const seconds = Math.floor(Date.now() / 1000);
  // Node keeps random UUIDs in stock, which makes them cheap. Left out are the parts with digits that are always the same.
  const uuid = randomUUID();
  return seconds.toString(16).padStart(8, "0") + uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(24);
}

/** The headers that carry a trace to a peer; a new one where no request is at hand. */
export function traceHeaders(trace: Trace = currentTrace() ?? readTrace({})): Record<string, string> {
  return {
    traceparent: `00-${trace.id}-${randomBytes(8).toString("hex")}-${trace.flags}`,
    "x-amzn-trace-id": trace.amazon ?? `Root=1-${trace.id.slice(0, 8)}-${trace.id.slice(8)}`,
    ...(trace.state !== undefined && { tracestate: trace.state }),
  };
}
