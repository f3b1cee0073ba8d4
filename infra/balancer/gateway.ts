/**
 * The gateway of `npm start`: an HTTP server that does with requests what the Application Load Balancer does in
 * production, on the same rules.
 */
import {
  Agent,
  createServer,
  type ClientRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createProxyServer } from "httpxy";
import { evaluate, type Forward } from "./evaluate.ts";
import { respond, respondRaw, statusOfParseError, statusOfTargetError } from "./gateway-errors.ts";
import { adaptToClient, headersForTarget, isWebSocket, sourceIpOf } from "./gateway-headers.ts";
import type { RuleTable } from "./rules.ts";
import { drawTargetGroup, roundRobin, type Targets } from "./targets.ts";

export interface GatewayOptions {
  rules: RuleTable;
  targets: Targets;
  /** Milliseconds for the connection to a target; 10,000 unless given. */
  connectTimeout?: number;
  /** Milliseconds that a connection may be silent while a request is under way; 60,000 unless given. */
  idleTimeout?: number;
  /** Draws among weighted target groups; `Math.random` unless given. */
  random?: () => number;
}

export interface Gateway {
  /** Not listening yet. */
  server: Server;
  /** Replaces the targets; requests under way finish where they are. */
  setTargets(targets: Targets): void;
  /** Stops listening, finishes the requests under way, ends WebSockets. */
  close(): Promise<void>;
}

// Far above the load balancer's own limits, so that evaluate.ts sees and refuses what is too large.
const parserLimit = 1024 * 1024;

/** Makes a gateway; `gateway.server.listen(port)` starts it. */
export function createGateway(options: GatewayOptions): Gateway {
  const { rules, connectTimeout = 10_000, idleTimeout = 60_000, random = Math.random } = options;
  let targets = options.targets;
  let closing = false;
  const nextTarget = roundRobin();
  const agent = new Agent({ keepAlive: true });
  const proxy = createProxyServer({ agent, prependPath: false });
  const upgraded = new Set<Duplex>();
  const lastResponse = new WeakMap<Duplex, ServerResponse>();
  /** Connections on which the target of an upgrade has answered, so that the gateway must not any more. */
  const answered = new WeakSet<Duplex>();

  const server = createServer({
    keepAliveTimeout: 60_000,
    headersTimeout: 60_000,
    requestTimeout: 0,
    maxHeaderSize: parserLimit,
    // evaluate.ts decides about the Host header.
    requireHostHeader: false,
    shouldUpgradeCallback: isWebSocket,
  });

  const answerTo = (request: IncomingMessage) =>
    evaluate(rules, {
      method: request.method ?? "",
      url: request.url ?? "",
      headers: request.headersDistinct,
      sourceIp: sourceIpOf(request),
      httpVersion: request.httpVersion,
    });
  const targetFor = (forward: Forward) => {
    const group = drawTargetGroup(forward.targetGroups, random());
    return group === undefined ? undefined : nextTarget(targets, group);
  };
  const rewrite = (request: IncomingMessage, forward: Forward) => {
    request.headers = headersForTarget(request, forward, request.socket.localPort ?? 80);
    request.url = forward.url;
  };

  const handle = (request: IncomingMessage, response: ServerResponse) => {
    lastResponse.set(request.socket, response);
    const answer = answerTo(request);
    if (answer.type === "fixed-response") return respond(response, answer.statusCode);
    const target = targetFor(answer);
    if (!target) return respond(response, 503);
    rewrite(request, answer);
    void proxy.web(request, response, { target });
  };

  const handleUpgrade = (request: IncomingMessage, socket: Socket, head: Buffer) => {
    upgraded.add(socket);
    socket.on("close", () => upgraded.delete(socket)).on("error", () => socket.destroy());
    const answer = answerTo(request);
    if (answer.type === "fixed-response") return respondRaw(socket, answer.statusCode);
    const target = targetFor(answer);
    if (!target) return respondRaw(socket, 503);
    rewrite(request, answer);
    void proxy.ws(request, socket, { target }, head);
  };

  server.on("request", handle);
  // An expectation other than 100-continue is not the balancer's business.
  server.on("checkExpectation", handle);
  server.on("upgrade", handleUpgrade);
  server.on("connect", (request, socket) => {
    const answer = answerTo(request);
    if (answer.type === "fixed-response") respondRaw(socket, answer.statusCode);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    refuseMalformed(socket, lastResponse.get(socket), statusOfParseError(error.code));
  });

  proxy.on("proxyReq", (toTarget) => {
    limitSilence(toTarget, connectTimeout, idleTimeout);
    // The target may answer before the client sends a body; Node would keep the header back until then.
    toTarget.flushHeaders();
  });
  proxy.on("proxyReqWs", (toTarget, _request, socket) => {
    limitSilence(toTarget, connectTimeout, idleTimeout);
    toTarget.once("response", () => answered.add(socket));
    toTarget.once("upgrade", (_response, targetSocket) => {
      answered.add(socket);
      endTogether(socket, targetSocket);
    });
  });
  proxy.on("open", (socket) => socket.setTimeout(idleTimeout, () => socket.destroy()));
  proxy.on("proxyRes", (fromTarget, _request, response) =>
    adaptToClient(fromTarget.headers, closing || !response.shouldKeepAlive),
  );
  proxy.on("error", (error: NodeJS.ErrnoException, _request, client) => {
    if (!client) return;
    const status = statusOfTargetError(error.code);
    if ("writeHead" in client) {
      if (client.headersSent || client.destroyed) client.destroy();
      else respond(client, status);
    } else if (answered.has(client)) client.destroy();
    else respondRaw(client, status);
  });

  return {
    server,
    setTargets: (replacement) => {
      targets = replacement;
    },
    close: async () => {
      closing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      for (const socket of upgraded) socket.destroy();
      await closed;
      agent.destroy();
    },
  };
}

/** Ends each of two connections after the other one; a pipe between them passes on only a proper end. */
function endTogether(one: Socket, other: Socket): void {
  one.once("close", () => other.destroySoon());
  other.once("close", () => one.destroySoon());
}

/** Answers bytes that are no HTTP, after the answer to the request before them; there may be none left to give. */
function refuseMalformed(socket: Duplex, last: ServerResponse | undefined, status: number): void {
  const isInBody = last !== undefined && !last.req.complete;
  if (isInBody && last.headersSent) socket.destroy();
  else if (isInBody || !last || last.writableFinished) respondRaw(socket, status);
  else last.once("finish", () => respondRaw(socket, status));
}

/** Ends a request to a target that does not connect, or then stays silent, for too long. Times in milliseconds. */
function limitSilence(request: ClientRequest, connectTimeout: number, idleTimeout: number): void {
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
