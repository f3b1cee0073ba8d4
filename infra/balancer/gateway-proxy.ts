/** Passing requests on to targets, with httpxy; what it leaves to its user stands here. */
import { Agent, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { createProxyServer, type ProxyServer } from "httpxy";
import { endTogether, limitSilence } from "./gateway-connections.ts";
import { respond, respondRaw, statusOfTargetError } from "./gateway-errors.ts";
import { adaptToClient } from "./gateway-headers.ts";

export interface TargetProxyOptions {
  /** Milliseconds. */
  connectTimeout: number;
  /** Milliseconds. */
  idleTimeout: number;
  /** Whether answers shall announce the end of the client's connection. */
  isClosing: () => boolean;
}

/** A proxy that keeps connections to targets, limits their silence, and tells clients of failing targets. */
export function targetProxy({ connectTimeout, idleTimeout, isClosing }: TargetProxyOptions): ProxyServer {
  const proxy = createProxyServer({ agent: new Agent({ keepAlive: true }), prependPath: false });
  /** Connections on which the target of an upgrade has answered, so that the gateway must not any more. */
  const answered = new WeakSet<Socket>();

  proxy.on("proxyReq", (toTarget) => {
    limitSilence(toTarget, connectTimeout, idleTimeout);
    // The target may answer before the client sends a body; Node would keep the header back until then.
    toTarget.flushHeaders();
  });
  proxy.on("proxyRes", (fromTarget, _request, response) => {
    adaptToClient(fromTarget.headers, isClosing() || !response.shouldKeepAlive);
  });
  proxy.on("proxyReqWs", (toTarget, _request, socket) => {
    limitSilence(toTarget, connectTimeout, idleTimeout);
    toTarget.once("response", () => answered.add(socket));
    toTarget.once("upgrade", (_response, targetSocket) => {
      answered.add(socket);
      endTogether(socket, targetSocket);
    });
  });
  proxy.on("open", (targetSocket) => targetSocket.setTimeout(idleTimeout, () => targetSocket.destroy()));
  proxy.on("error", (error: NodeJS.ErrnoException, _request, client) => {
    const status = statusOfTargetError(error.code);
    if (!client) return;
    if (!("writeHead" in client)) failUpgrade(client, answered.has(client), status);
    else failRequest(client, status);
  });
  return proxy;
}

function failRequest(response: ServerResponse, status: number): void {
  if (response.headersSent || response.destroyed) response.destroy();
  else respond(response, status);
}

function failUpgrade(socket: Socket, isAnswered: boolean, status: number): void {
  if (isAnswered) socket.destroy();
  else respondRaw(socket, status);
}
