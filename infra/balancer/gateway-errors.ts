/** Answers that the gateway gives itself, in the load balancer's format. */
import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import alb from "./alb.js";

/** Answers a request with a status and the load balancer's page for it. */
export function respond(response: ServerResponse, status: number): void {
  const body = alb.errorPage(status);
  response.writeHead(status, alb.reason(status), {
    Server: alb.SERVER,
    "Content-Type": "text/html",
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(body);
}

/** The same on a bare connection, which it closes: for what never became a request, or was to become a WebSocket. */
export function respondRaw(socket: Duplex, status: number): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = alb.errorPage(status);
  const head = [
    `HTTP/1.1 ${status} ${alb.reason(status)}`,
    `Server: ${alb.SERVER}`,
    `Date: ${new Date().toUTCString()}`,
    "Content-Type: text/html",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/** The status for a request that Node's parser refuses. */
export function statusOfParseError(code: string | undefined): number {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return 408;
    case "HPE_INVALID_VERSION":
      return 505;
    default:
      return 400;
  }
}

/** The status for a target that gave no answer: 504 when it let the time run out, else 502. */
export const statusOfTargetError = (code: string | undefined): number => (code === "ETIMEDOUT" ? 504 : 502);
