import { connect, createServer, type Socket } from "node:net";
import { listen } from "../support/loopback.ts";
import { messageReader } from "../support/sql-messages.ts";

/** A PostgreSQL address that notes the statements that pass through it, each as often as it is prepared. */
export interface Recorder extends AsyncDisposable {
  url: string;
  statements: string[];
}

/** Stands between a client and the server at `url`. */
export async function recordStatements(url: string): Promise<Recorder> {
  const target = new URL(url);
  const statements: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket)));
    }
    const messages = messageReader();
    client.on("data", (chunk) => {
      for (const { type, text } of messages(chunk)) {
        const texts = text.split("\0");
        // A statement that is prepared has its name before it.
        if (type === "P") statements.push(texts[1]!);
        if (type === "Q") statements.push(texts[0]!);
      }
    });
    client.pipe(upstream);
    upstream.pipe(client);
  });
  const { port, ...listening } = await listen(server);
  return {
    url: Object.assign(new URL(url), { port: String(port) }).href,
    statements,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await listening[Symbol.asyncDispose]();
    },
  };
}
