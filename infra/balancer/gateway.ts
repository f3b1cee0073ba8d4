/**
 * The gateway of `npm start`: an HTTP server that does with requests what the Application Load Balancer does in
 * production, on the same rules.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { evaluate } from "./evaluate.ts";
import { refuseMalformed } from "./gateway-connections.ts";
import { respond, respondRaw, statusOfParseError } from "./gateway-errors.ts";
import { headersForTarget, isWebSocket, sourceIpOf } from "./gateway-headers.ts";
import { targetProxy } from "./gateway-proxy.ts";
import type { RuleTable } from "./rules.ts";
import { drawTargetGroup, roundRobin, type Targets } from "./targets.ts";

export interface GatewayOptions {
  rules: RuleTable;
  targets: Targets;
  /** Milliseconds for the connection to a target; 10,000 unless given. */
  connectTimeout?: number;
  /** Milliseconds that a target may be silent while a request is under way; 60,000 unless given. */
  idleTimeout?: number;
  /** Draws among weighted target groups; `Math.random` unless given. */
  random?: () => number;
}

export interface Gateway {
  /** Not listening yet. */
  server: Server;
  /** Replaces the targets; requests under way finish where they are. */
  setTargets(targets: Targets): void;
  /** Replaces the rules for the requests to come. */
  setRules(rules: RuleTable): void;
  /** Stops listening, finishes the requests under way, ends WebSockets. */
  close(): Promise<void>;
}

/** Makes a gateway; `gateway.server.listen(port)` starts it. */
export function createGateway(options: GatewayOptions): Gateway {
  const { connectTimeout = 10_000, idleTimeout = 60_000, random = Math.random } = options;
  let { rules, targets } = options;
  let isClosing = false;
  const nextTarget = roundRobin();
  const proxy = targetProxy({ connectTimeout, idleTimeout, isClosing: () => isClosing });
  const upgraded = new Set<Socket>();
  const lastResponse = new WeakMap<Duplex, ServerResponse>();
  const server = listener();

  /** The target for a request, which it makes ready to be sent there; or the status that refuses the request. */
  const route = (request: IncomingMessage): URL | number => {
    const answer = evaluate(rules, {
      method: request.method ?? "",
      url: request.url ?? "",
      headers: request.headersDistinct,
      sourceIp: sourceIpOf(request),
      httpVersion: request.httpVersion,
    });
    if (answer.type === "fixed-response") return answer.statusCode;
    const target = nextTarget(targets, drawTargetGroup(answer.targetGroups, random()));
    if (!target) return 503;
    request.headers = headersForTarget(request, answer, request.socket.localPort ?? 80);
    request.url = answer.url;
    return target;
  };

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    lastResponse.set(request.socket, response);
    const target = route(request);
    if (typeof target === "number") respond(response, target);
    else void proxy.web(request, response, { target });
  };
  server.on("request", handle);
  // An expectation other than 100-continue is not the balancer's business.
  server.on("checkExpectation", handle);
  server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    upgraded.add(socket);
    socket.on("close", () => upgraded.delete(socket)).on("error", () => socket.destroy());
    const target = route(request);
    if (typeof target === "number") respondRaw(socket, target);
    else void proxy.ws(request, socket, { target }, head);
  });
  server.on("connect", (request, socket) => {
    const status = route(request);
    respondRaw(socket, typeof status === "number" ? status : 405);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    refuseMalformed(socket, lastResponse.get(socket), statusOfParseError(error.code));
  });

  return {
    server,
    setTargets: (replacement) => {
      targets = replacement;
    },
    setRules: (replacement) => {
      rules = replacement;
    },
    close: async () => {
      isClosing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      for (const socket of upgraded) socket.destroy();
      await closed;
      proxy.options.agent.destroy();
    },
  };
}

/** A server that leaves every decision to evaluate.ts, as far as Node's parser allows it. */
const listener = (): Server =>
  createServer({
    keepAliveTimeout: 60_000,
    headersTimeout: 60_000,
    requestTimeout: 0,
    // Far above the load balancer's own limits.
    maxHeaderSize: 1024 * 1024,
    requireHostHeader: false,
    shouldUpgradeCallback: isWebSocket,
  });
