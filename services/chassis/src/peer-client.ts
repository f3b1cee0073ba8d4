import { Agent, interceptors, request, type Dispatcher } from "undici";

export interface ClientOptions {
  method: Dispatcher.HttpMethod;
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

/** An HTTP client for one peer, with its connections. */
export interface Client {
  /** Sends a request and reads the whole answer. */
  send(url: URL, options: ClientOptions): Promise<{ status: number; text: string }>;
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
