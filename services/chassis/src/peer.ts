import {
  type ICancellationContext,
  BrokenCircuitError,
  circuitBreaker,
  ConsecutiveBreaker,
  ConstantBackoff,
  handleAll,
  handleWhen,
  retry,
  timeout,
  TimeoutStrategy,
  wrap,
} from "cockatiel";
import { Agent, interceptors, request, type Dispatcher } from "undici";
import { unavailable } from "./problem.ts";
import { traceHeaders } from "./trace.ts";

export interface PeerAnswer {
  status: number;
  body: unknown;
}

/** Another service, called by its DNS name. */
export interface Peer {
  /** Reads; tried twice. @throws Problem 503 when the peer does not answer in time or answers 5xx. */
  get(path: string): Promise<PeerAnswer>;
  /** Writes; tried once. @throws Problem 503 as `get` does. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<PeerAnswer>;
  close(): Promise<void>;
}

/** Milliseconds for one try, from connecting to the last byte. */
const TIMEOUT = 1000;
/** Tries in a row that must fail before the peer is left alone, and for how many milliseconds. */
const BREAKER = { failures: 5, pause: 2000 };
/** Largest answer that is read from a peer, in bytes. */
const MAX_ANSWER = 1024 * 1024;

interface Attempts {
  execute<T>(attempt: (context: ICancellationContext) => Promise<T>): Promise<T>;
}

/** How a peer's 5xx looks from here: like one that does not answer. */
class PeerFailed extends Error {}

/** A peer at `url`. `name` is how it is called in messages. */
export function createPeer(name: string, url: string): Peer {
  // Addresses are asked anew every second, so that tasks that come and go are seen; calls are spread over all of them.
  const agent = new Agent({ connect: { timeout: TIMEOUT / 2 }, keepAliveTimeout: 30_000, connections: 50 });
  const dispatcher = agent.compose(interceptors.dns({ maxTTL: 1000, affinity: 4 }));
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: BREAKER.pause,
    breaker: new ConsecutiveBreaker(BREAKER.failures),
  });
  const once = wrap(breaker, timeout(TIMEOUT, TimeoutStrategy.Cooperative));
  const again = handleWhen((error) => !(error instanceof BrokenCircuitError));
  const twice = wrap(retry(again, { maxAttempts: 1, backoff: new ConstantBackoff(20) }), once);

  const call = async (
    policy: Attempts,
    path: string,
    options: { method: Dispatcher.HttpMethod; body?: string; headers?: Record<string, string> },
  ) => {
    try {
      return await policy.execute(async ({ signal }) => {
        const answer = await request(new URL(path, url), {
          ...options,
          headers: { accept: "application/json", ...options.headers, ...traceHeaders() },
          dispatcher,
          signal,
        });
        const text = await readText(answer.body);
        if (answer.statusCode >= 500) throw new PeerFailed(`${name} answered ${answer.statusCode}`);
        return { status: answer.statusCode, body: text === "" ? undefined : (JSON.parse(text) as unknown) };
      });
    } catch (error) {
      throw unavailable(`The ${name} service does not answer. Try again shortly.`, error);
    }
  };

  return {
    get: (path) => call(twice, path, { method: "GET" }),
    post: (path, body, headers) =>
      call(once, path, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json", ...headers },
      }),
    close: () => agent.close(),
  };
}

async function readText(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER) throw new PeerFailed("the answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
