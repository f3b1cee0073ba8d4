/** How long connections of the gateway live, and how they end. */
import type { ClientRequest, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { respondRaw } from "./gateway-errors.ts";

/** Ends each of two connections after the other one; a pipe between them passes on only a proper end. */
export function endTogether(one: Socket, other: Socket): void {
  one.once("close", () => other.destroySoon());
  other.once("close", () => one.destroySoon());
}

/** Answers bytes that are no HTTP, after the answer to the request before them; there may be none left to give. */
export function refuseMalformed(socket: Duplex, last: ServerResponse | undefined, status: number): void {
  const isInBody = last !== undefined && !last.req.complete;
  if (isInBody && last.headersSent) socket.destroy();
  else if (isInBody || !last || last.writableFinished) respondRaw(socket, status);
  else last.once("finish", () => respondRaw(socket, status));
}

/** Ends a request to a target that does not connect, or then stays silent, for too long. Times in milliseconds. */
export function limitSilence(request: ClientRequest, connectTimeout: number, idleTimeout: number): void {
  const giveUp = () => request.destroy(Object.assign(new Error("the target took too long"), { code: "ETIMEDOUT" }));
  const limitConnecting = (socket: Socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(giveUp, connectTimeout);
    for (const event of ["connect", "close"]) socket.once(event, () => clearTimeout(timer));
  };
  request.setTimeout(idleTimeout, giveUp);
  if (request.socket) limitConnecting(request.socket);
  else request.once("socket", limitConnecting);
}
