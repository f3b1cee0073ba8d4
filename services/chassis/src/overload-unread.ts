/** Keeps a process's memory from filling with answers that nobody reads. */
import type { ServerResponse } from "node:http";

export interface UnreadOptions {
  /** Bytes of answers that wait for their clients at most. */
  limit: number;
  /** Milliseconds that every client has for its answer, however much waits. */
  grace: number;
}

export interface UnreadAnswers {
  /** An answer whose head is just written. */
  add(res: ServerResponse): void;
  /** It is read, or its connection is gone. */
  remove(res: ServerResponse): void;
}

/** While more than `limit` bytes wait, breaks off the answers that have waited longest, and longer than `grace`. */
export function unreadAnswers({ limit, grace }: UnreadOptions): UnreadAnswers {
  // In the order in which they began.
  const waiting = new Map<ServerResponse, { bytes: number; since: number }>();
  let total = 0;

  const remove = (res: ServerResponse) => {
    total -= waiting.get(res)?.bytes ?? 0;
    waiting.delete(res);
  };
  const breakOff = (latest: number) => {
    for (const [res, { since }] of waiting) {
      if (total <= limit || since > latest) return;
      remove(res);
      res.destroy();
    }
  };
  return {
    add(res) {
      if (res.destroyed) return;
      const since = performance.now();
      const bytes = Number(res.getHeader("Content-Length") ?? 0);
      waiting.set(res, { bytes, since });
      total += bytes;
      if (total > limit) breakOff(since - grace);
    },
    remove,
  };
}
