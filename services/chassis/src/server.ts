import {
  createServer,
  STATUS_CODES,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import { once } from "node:events";
import type { AddressInfo, Server as NetServer, Socket } from "node:net";
import { openDoors } from "./overload-doors.ts";
import { Problem } from "./problem.ts";
import { newTraceId } from "./trace.ts";
import type { ProblemKind } from "../../contract/src/index.ts";

/** An HTTP server that can stop without breaking a connection in use. */
export interface DrainingServer {
  readonly port: number;
  readonly draining: boolean;
  /**
   * From now on every answer carries `Connection: close` and `/ready` may say no. After `delay` ms nothing new is
   * accepted; requests under way then have `timeout` ms left. Ends when the last connection is closed.
   */
  drain(times: { delay: number; timeout: number }): Promise<void>;
}

export interface ListenOptions extends Pick<ServerOptions, "IncomingMessage" | "ServerResponse"> {
  /** Milliseconds after which a connection is closed on which a request is under way and nothing moves. */
  silence?: number;
}

/** Listens on `port` (0: any free one). Rejects when the port is taken. */
export async function listen(
  app: RequestListener,
  host: string,
  port: number,
  { silence = 30_000, ...messages }: ListenOptions = {},
): Promise<DrainingServer> {
  // Longer than the balancer's idle time-out of 60 s, or it would reuse a connection just closed: a 502.
  const server = createServer({
    ...messages,
    keepAliveTimeout: 65_000,
    headersTimeout: 66_000,
    requestTimeout: 70_000,
    connectionsCheckingInterval: 5000,
    // An Application Load Balancer passes up to 64 kB of headers and adds its own.
    maxHeaderSize: 72 * 1024,
  });
  // Whoever stops reading in the middle of an answer would hold it in memory for ever.
  server.setTimeout(silence);
  let draining = false;
  const latest = latestAnswers(server);
  server.on("request", (_req, res) => {
    if (draining) res.setHeader("Connection", "close");
  });
  server.on("request", app);
  server.on("clientError", refuse);
  const doors = await openDoors(server, host, port);

  return {
    port: (server.address() as AddressInfo).port,
    get draining() {
      return draining;
    },
    async drain({ delay, timeout }) {
      draining = true;
      for (const res of latest.values()) if (res && !res.headersSent) res.setHeader("Connection", "close");
      await new Promise((resolve) => setTimeout(resolve, delay));
      await closed(server, doors, timeout);
    },
  };
}

/** The answer that each connection is at work on; of several that a client has asked for in advance, the last one. */
function latestAnswers(server: Server): Map<Socket, ServerResponse | undefined> {
  const latest = new Map<Socket, ServerResponse | undefined>();
  server.on("connection", (socket: Socket) => {
    latest.set(socket, undefined);
    socket.once("close", () => latest.delete(socket));
  });
  server.on("request", ({ socket }, res) => {
    if (!latest.has(socket)) return;
    latest.set(socket, res);
    res.once("close", () => latest.get(socket) === res && latest.set(socket, undefined));
  });
  return latest;
}

async function closed(server: Server, doors: NetServer[], timeout: number): Promise<void> {
  const end = Promise.all([server, ...doors].map((one) => once(one, "close")));
  for (const one of [...doors, server]) one.close();
  const deadline = setTimeout(() => server.closeAllConnections(), timeout);
  await end;
  clearTimeout(deadline);
}

/** Answers what is no HTTP request at all, before Express could see it. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") {
    socket.end("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    return;
  }
  const kind: ProblemKind = error.code === "HPE_HEADER_OVERFLOW" ? "headers-too-large" : "invalid-request";
  const problem = new Problem(kind, { detail: "This is not a well-formed HTTP request." });
  const body = JSON.stringify(problem.document(newTraceId()));
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
