/** People who use the forum all the while, and what becomes of their requests. */
import type { Post } from "../../services/contract/src/index.ts";
import type { Random } from "../cutover/random.ts";
import { get, tryToPost, type Answer, type Member } from "../support/client.ts";
import { startLoad } from "../support/load.ts";

/** Figures of a time. */
export interface Figures {
  requests: number;
  /** Answers that are neither good nor "not now", and broken connections. */
  failed: number;
  /** Answers 503 and 502: "not now", and what the balancer says of a service that is not there. */
  notNow: number;
  /** Milliseconds of good answers. */
  p50: number;
  p99: number;
}

export interface Users {
  /** The figures since the last call. */
  figures(): Figures;
  /** Ids of the posts that were acknowledged. */
  readonly acknowledged: number[];
  stop(): Promise<void>;
}

/** Keeps requests of so many clients under way: reading and, one in five, posting. */
export function startUsers(url: string, clients: number, ada: Member, threadId: number, random: Random): Users {
  const acknowledged: number[] = [];
  let times: number[] = [];
  let counts = { requests: 0, failed: 0, notNow: 0 };
  const reads = ["/api/posts?limit=20", `/api/posts/in-thread/${threadId}`, `/api/threads/${threadId}`, "/api/threads"];

  const ask = (n: number): Promise<Answer> =>
    random.below(5) === 0 ? tryToPost(url, ada, threadId, `Post ${n}`) : get(url + random.pick(reads)!);
  const load = startLoad(clients, async (n) => {
    counts.requests++;
    try {
      const answer = await ask(n);
      if (answer.status < 300) times.push(answer.ms);
      else if (answer.status === 502 || answer.status === 503) counts.notNow++;
      else counts.failed++;
      if (answer.status === 201) acknowledged.push((answer.body as Post).id);
      return answer;
    } catch (error) {
      counts.failed++;
      throw error;
    }
  });
  return {
    acknowledged,
    figures() {
      const sorted = times.sort((a, b) => a - b);
      const at = (share: number) =>
        sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
      const figures = { ...counts, p50: at(0.5), p99: at(0.99) };
      times = [];
      counts = { requests: 0, failed: 0, notNow: 0 };
      return figures;
    },
    async stop() {
      await load.stop();
    },
  };
}
