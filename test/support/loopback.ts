import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo, Server } from "node:net";

/** A server that listens on 127.0.0.1; disposing of it ends its connections. */
export interface Listening extends AsyncDisposable {
  port: number;
  url: URL;
}

/** Starts a server on a free port. */
export async function listen(server: Server & { closeAllConnections?(): void }): Promise<Listening> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: new URL(`http://127.0.0.1:${port}`),
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections?.();
    },
  };
}

export interface Loopback {
  readonly url: string;
  readonly port: number;
  /** The requests that have come, in their order. */
  readonly requests: IncomingMessage[];
  close(): Promise<void>;
}

/** An HTTP server for one test that answers like that. */
export async function listening(answer: RequestListener): Promise<Loopback> {
  const requests: IncomingMessage[] = [];
  const server = createServer((req, res) => {
    requests.push(req);
    answer(req, res);
  });
  const { url, port, ...started } = await listen(server);
  return {
    url: url.origin,
    port,
    requests,
    async close() {
      const closed = once(server, "close");
      await started[Symbol.asyncDispose]();
      await closed;
    },
  };
}
