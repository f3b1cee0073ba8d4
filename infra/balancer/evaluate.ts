/**
 * What the balancer does with a request: it forwards it to target groups, or answers it itself.
 *
 * This is the model that the nginx configuration is tested against, and what the gateway runs on.
 */
import { holds, type Headers } from "./conditions.ts";
import { anonymousHost, parseAuthority, type Authority } from "./host.ts";
import type { RuleTable, WeightedTargetGroup } from "./rules.ts";
import { connectTarget, parseRequestTarget } from "./uri.ts";

export interface BalancerRequest {
  method: string;
  /** The request target as it stood in the request line, one character per byte. */
  url: string;
  headers: Headers;
  /** Address of the peer. */
  sourceIp: string;
  /** `1.1` unless given. */
  httpVersion?: string;
}

/** The balancer answers by itself. */
export interface FixedResponse {
  type: "fixed-response";
  statusCode: number;
}

export interface Forward {
  type: "forward";
  /** The shares of the target groups; which of them gets this request is drawn by whoever forwards it. */
  targetGroups: WeightedTargetGroup[];
  /** Path and query for the target, as the client wrote them. */
  url: string;
  /** The host that the client asked for. */
  host: Authority;
}

/** Limits of the Application Load Balancer in bytes: one line of the header, and all of it. */
const lineLimit = 16 * 1024;
const headerLimit = 64 * 1024;
const forwardedForLimit = 30;

const refuse = (statusCode: number): FixedResponse => ({ type: "fixed-response", statusCode });

/** The answer to one request. Checks come in the order in which a request is read: line, header, method, rules. */
export function evaluate(table: RuleTable, request: BalancerRequest): FixedResponse | Forward {
  const { method, url, headers, sourceIp, httpVersion = "1.1" } = request;
  if (!/^[A-Z_-]+$/.test(method)) return refuse(400);
  if (`${method} ${url} HTTP/1.1\r\n`.length > lineLimit) return refuse(414);
  const target = method === "CONNECT" ? connectTarget(url) : parseRequestTarget(url);
  if (!target) return refuse(400);
  if (Number(httpVersion) >= 2) return refuse(505);

  const host = target.authority ?? hostOf(headers, httpVersion);
  if (!host || !hostOf(headers, httpVersion) || isOversized(headers)) return refuse(400);
  const framing = bodyFraming(headers, httpVersion);
  if (framing) return refuse(framing);

  if (method === "TRACE" || method === "CONNECT") return refuse(405);
  if (forwardedFor(headers).split(",").length > forwardedForLimit) return refuse(463);

  const facts = { method, path: target.path, query: target.query, host: host.name, headers, sourceIp };
  const rule = table.rules
    .toSorted((one, other) => one.priority - other.priority)
    .find(({ conditions }) => conditions.every((condition) => holds(condition, facts)));
  const { targetGroups } = rule?.action ?? table.defaultAction;
  return { type: "forward", targetGroups, url: target.originForm, host };
}

/** The one Host that a request needs, also beside an absolute-form target; nothing when it is missing or malformed. */
function hostOf(headers: Headers, httpVersion: string): Authority | undefined {
  const [host = httpVersion === "1.0" ? anonymousHost : "", ...others] = headers["host"] ?? [];
  return others.length > 0 ? undefined : parseAuthority(host);
}

/** The addresses that earlier proxies noted, one line of it. */
export const forwardedFor = (headers: Headers): string => (headers["x-forwarded-for"] ?? []).join(", ");

function isOversized(headers: Headers): boolean {
  const lines = Object.entries(headers).flatMap(([name, values]) =>
    (values ?? []).map((value) => `${name}: ${value}\r\n`),
  );
  return lines.some((line) => line.length > lineLimit) || lines.join("").length > headerLimit;
}

/** The status that refuses a body whose length is said twice or in an unknown coding; nothing when all is well. */
function bodyFraming(headers: Headers, httpVersion: string): number | undefined {
  const { "transfer-encoding": codings = [], "content-length": lengths = [] } = headers;
  const [coding] = codings;
  if (codings.length > 1 || lengths.length > 1) return 400;
  if (coding === undefined) return undefined;
  if (httpVersion === "1.0") return 400;
  if (coding.toLowerCase() !== "chunked") return 501;
  return lengths.length > 0 ? 400 : undefined;
}
