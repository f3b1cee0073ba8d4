/**
 * A target that says who it is and what reached it. Runs in the tests' process, or alone: `node echo-target.ts NAME`.
 *
 * The request header `X-Echo` asks for something else than the plain echo; see `behaviours`.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** What an echo answers, as JSON. */
export interface Echo {
  target: string;
  method: string;
  /** The request target, one character per byte. */
  url: string;
  /** Lower-cased name → value, as Node joins them. */
  headers: Record<string, string>;
  /** Number of bytes in the body. */
  bodyLength: number;
  /** Port of the balancer's end of the connection: the same number means the same connection. */
  connection: number;
}

/** Reads an echo from a body with one character per byte. */
export const echoOf = (body: string): Echo => JSON.parse(Buffer.from(body, "latin1").toString()) as Echo;

const behaviours: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  /** Sends an event, and a second one only when the client has gone on to send its body's end. */
  events: (request, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write("data: first\n\n");
    request.resume().on("end", () => response.end("data: last\n\n"));
  },
  /** Sends back every piece of the body as it comes. */
  mirror: (request, response) => void request.pipe(response),
  /** An application's own 503. */
  unavailable: (_request, response) => {
    response.writeHead(503, { "Content-Type": "application/problem+json" }).end('{"title":"busy"}');
  },
  /** Headers with which an application could command nginx, and one that names its server. */
  commands: (_request, response) => {
    response
      .writeHead(200, { "X-Accel-Redirect": "/elsewhere", Server: "echo/1.0", "Set-Cookie": ["a=1", "b=2"] })
      .end();
  },
  reset: (request) => void request.socket.resetAndDestroy(),
  silent: () => {},
};

/** An echo server that is not listening yet. */
export function echoServer(target: string): Server {
  const server = createServer({ keepAliveTimeout: 65_000, maxHeaderSize: 256 * 1024 }, (request, response) => {
    const behaviour = behaviours[String(request.headers["x-echo"])];
    if (behaviour) return behaviour(request, response);
    let bodyLength = 0;
    request.on("data", (chunk: Buffer) => (bodyLength += chunk.length));
    // A request that breaks off has no end, and gets no answer.
    request
      .on("error", () => {})
      .on("end", () => {
        const { method, url, headers, socket } = request;
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify({ target, method, url, headers, bodyLength, connection: socket.remotePort }));
      });
  });
  // What Node's parser does not accept, such as other methods or bytes above 127, is echoed from the bytes.
  server.on("clientError", (error: Error & { rawPacket?: Buffer }, socket) => {
    const [method, url] = (error.rawPacket?.toString("latin1") ?? "").split(" ");
    const body = JSON.stringify({ target, method, url, headers: {} });
    const head = `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
    if (socket.writable) socket.end(head + body);
  });
  // A protocol that says each byte back: enough to see that an upgraded connection works both ways.
  server.on("upgrade", (request, socket) => {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Url: ${request.url}\r\n\r\n`,
    );
    socket.on("error", () => socket.destroy());
    socket.pipe(socket);
  });
  return server;
}

if (import.meta.main) {
  echoServer(process.argv[2] ?? "echo").listen(3000, () => console.log("listening"));
  process.on("SIGTERM", () => process.exit());
}
