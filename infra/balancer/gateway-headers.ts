/** Headers that change on the way through the gateway, in both directions. */
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import alb from "./alb.js";
import { forwardedFor, type Forward } from "./evaluate.ts";
import { forwardedHost } from "./host.ts";

/** Headers that speak about one connection (RFC 9110, section 7.6.1), and Expect, which the balancer answers. */
const connectionHeaders = new Set(["connection", "keep-alive", "te", "upgrade", "expect"]);

/** Whether a request asks for a WebSocket, the only protocol that the balancer upgrades to. */
export const isWebSocket = ({ method, headers }: IncomingMessage): boolean =>
  method === "GET" && headers.upgrade?.toLowerCase() === "websocket";

/** The address of the peer; IPv4 is written in the IPv4 way also where the socket listens on IPv6. */
export const sourceIpOf = (request: IncomingMessage): string =>
  (request.socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/i, "");

/** The headers for the target: those of the client, with what an Application Load Balancer sets or appends. */
export function headersForTarget(
  request: IncomingMessage,
  forward: Forward,
  listenerPort: number,
): IncomingHttpHeaders {
  const received = Object.entries(request.headersDistinct)
    .filter(([name]) => !connectionHeaders.has(name))
    .map(([name, values = []]) => [name, values.length === 1 ? values[0] : values] as const);
  const earlier = request.headersDistinct["x-forwarded-for"] ? [forwardedFor(request.headersDistinct)] : [];
  return {
    ...Object.fromEntries(received),
    ...(hasNoBody(request) ? { "content-length": "0" } : {}),
    ...(isWebSocket(request) ? { connection: "upgrade", upgrade: "websocket" } : {}),
    host: forwardedHost(forward.host, listenerPort),
    "x-forwarded-for": [...earlier, sourceIpOf(request)].join(", "),
    "x-forwarded-proto": "http",
    "x-forwarded-port": String(listenerPort),
    "x-amzn-trace-id": alb.nextTrace(request.headersDistinct["x-amzn-trace-id"]?.join(", "), alb.now()),
  };
}

// Without this, Node would announce a body in chunks for a POST that has none.
const hasNoBody = ({ method, headers }: IncomingMessage): boolean =>
  !["GET", "HEAD"].includes(method ?? "") && !headers["content-length"] && !headers["transfer-encoding"];

/** Makes the target's headers those of the client's connection; `closing` announces its end. */
export function adaptToClient(headers: IncomingHttpHeaders, closing: boolean): void {
  delete headers["keep-alive"];
  delete headers.upgrade;
  headers.connection = closing ? "close" : "keep-alive";
}
