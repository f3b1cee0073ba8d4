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
import type { Client, ClientOptions } from "./peer-client.ts";
import { unavailable } from "./problem.ts";
import { traceHeaders } from "./trace.ts";

export interface PeerAnswer {
  status: number;
  body: unknown;
}

/** Another service, called by its DNS name. */
export interface Peer {
  /** Reads; tried twice. @throws Problem 503 when the peer does not answer in time or answers 5xx. */
  get(path: string, headers?: Record<string, string>): Promise<PeerAnswer>;
  /**
   * Writes; tried once, whatever the breaker says: nobody waits for it, and who repeats it has a schedule of its own.
   * @throws Problem 503 as `get` does.
   */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<PeerAnswer>;
  close(): Promise<void>;
}

/** Milliseconds for one try, from connecting to the last byte. */
const TIMEOUT = 1000;
/** Tries in a row that must fail before the peer is left alone, and for how many milliseconds. */
const BREAKER = { failures: 5, pause: 2000 };
interface Attempts {
  execute<T>(attempt: (context: ICancellationContext) => Promise<T>): Promise<T>;
}

/** How a peer's 5xx looks from here: like one that does not answer. */
class PeerFailed extends Error {}

/** A peer at `url`. `name` is how it is called in messages. */
export function createPeer(name: string, url: string): Peer {
  let opened: Promise<Client> | undefined;
  const open = async () => (await import("./peer-client.ts")).openClient(TIMEOUT / 2);
  // Loaded at the first call: the client is large, and a service is ready sooner without it.
  const client = () => (opened ??= open());
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: BREAKER.pause,
    breaker: new ConsecutiveBreaker(BREAKER.failures),
  });
  const once = timeout(TIMEOUT, TimeoutStrategy.Cooperative);
  const guarded = wrap(breaker, timeout(TIMEOUT, TimeoutStrategy.Cooperative));
  const again = handleWhen((error) => !(error instanceof BrokenCircuitError));
  const twice = wrap(retry(again, { maxAttempts: 1, backoff: new ConstantBackoff(20) }), guarded);

  const call = async (
    policy: Attempts,
    path: string,
    options: Pick<ClientOptions, "method" | "body"> & { headers?: Record<string, string> },
  ) => {
    try {
      return await policy.execute(async ({ signal }) => {
        const headers = { accept: "application/json", ...options.headers, ...traceHeaders() };
        const { status, text } = await (await client()).send(new URL(path, url), { ...options, headers, signal });
        if (status >= 500) throw new PeerFailed(`${name} answered ${status}`);
        return { status, body: text === "" ? undefined : (JSON.parse(text) as unknown) };
      });
    } catch (error) {
      throw unavailable(`The ${name} service does not answer. Try again shortly.`, error);
    }
  };

  return {
    get: (path, headers) => call(twice, path, { method: "GET", ...(headers && { headers }) }),
    post: (path, body, headers) =>
      call(once, path, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json", ...headers },
      }),
    close: async () => (await opened)?.close(),
  };
}
