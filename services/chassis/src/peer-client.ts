import type { Readable } from "node:stream";
import { Agent, interceptors, request, type Dispatcher } from "undici";

export interface ClientOptions {
  method: Dispatcher.HttpMethod;
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

/** A request as it came, with its headers as names and values in turn, and its answer. */
export interface RawRequest {
  method: Dispatcher.HttpMethod;
  /** As the client wrote it, with its query. */
  path: string;
  headers: string[];
  body?: Buffer | undefined;
}
export interface RawAnswer {
  status: number;
  headers: string[];
  body: Readable;
}

/** An HTTP client for one peer, with its connections. */
export interface Client {
  /** Sends a request and reads the whole answer. */
  send(url: URL, options: ClientOptions): Promise<{ status: number; text: string }>;
  /** Sends a request as it is and gives the answer as it comes. */
  pass(origin: string, request: RawRequest): Promise<RawAnswer>;
  close(): Promise<void>;
}

/** Largest answer that is read from a peer, in bytes. */
const MAX_ANSWER = 1024 * 1024;

/**
 * Opens a client; no connection is made before the first request. Addresses are asked anew every second, so that tasks
 * that come and go are seen; requests are spread over all of them.
 * @param connectTimeout milliseconds
 */
export function openClient(connectTimeout: number): Client {
  const agent = new Agent({ connect: { timeout: connectTimeout }, keepAliveTimeout: 30_000, connections: 50 });
  const dispatcher = agent.compose(interceptors.dns({ maxTTL: 1000, affinity: 4 }));
  return {
    async send(url, options) {
      const { statusCode, body } = await request(url, { ...options, dispatcher });
      return { status: statusCode, text: await readText(body) };
    },
    async pass(origin, { body = null, ...rest }) {
      const answer = await dispatcher.request({ ...rest, origin, body, responseHeaders: "raw" });
      // With "raw" the headers are names and values in turn, which the library's types do not know.
      return { status: answer.statusCode, headers: answer.headers as unknown as string[], body: answer.body };
    },
    close: () => agent.close(),
  };
}

async function readText(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER) throw new Error("the answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
