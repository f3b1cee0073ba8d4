import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A PostgreSQL address that notes the statements that pass through it, each as often as it is prepared. */
export interface Recorder extends AsyncDisposable {
  url: string;
  statements: string[];
}

/** Messages of the protocol that carry a statement: Parse, after the name of the prepared statement, and Query. */
const PARSE = "P".charCodeAt(0);
const QUERY = "Q".charCodeAt(0);

/** Stands between a client and the server at `url`. What the client sends before it is let in has another form. */
export async function recordStatements(url: string): Promise<Recorder> {
  const target = new URL(url);
  const statements: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket)));
    }
    const read = messageReader((type, body) => {
      const texts = body.toString("utf8").split("\0");
      if (type === PARSE) statements.push(texts[1]!);
      if (type === QUERY) statements.push(texts[0]!);
    });
    client.on("data", read).pipe(upstream);
    upstream.pipe(client);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: Object.assign(new URL(url), { port: String(port) }).href,
    statements,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Cuts a stream into messages: a type, except for the very first, and a length that counts itself. */
function messageReader(hear: (type: number, body: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let first = true;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = first ? 0 : 1;
      if (rest.length < head + 4) return;
      const end = head + rest.readUInt32BE(head);
      if (rest.length < end) return;
      if (!first) hear(rest[0]!, rest.subarray(5, end));
      first = false;
      rest = rest.subarray(end);
    }
  };
}
