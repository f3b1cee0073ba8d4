/** Keeps a process's memory from filling with answers that nobody reads. */
import type { Socket } from "node:net";

export interface UnreadOptions {
  /** Bytes of answers that wait for their clients at most. */
  limit: number;
  /** Milliseconds that every client has for its answer, however much waits. */
  grace: number;
}

export interface UnreadAnswers {
  /** An answer of so many bytes is on its way to a connection. Gives what is to be called once it is read. */
  add(socket: Socket, bytes: number): () => void;
}

/** What waits for one client. */
interface Waiting {
  socket: Socket;
  bytes: number;
  /** Since when anything has waited for it without a break, as `performance.now()` counts. */
  since: number;
}

/** While more than `limit` bytes wait, breaks off the connections that have waited longest, and longer than `grace`. */
export function unreadAnswers({ limit, grace }: UnreadOptions): UnreadAnswers {
  const connections = new Map<Socket, Waiting>();
  let total = 0;

  const release = (waiting: Waiting, bytes: number) => {
    const released = Math.min(bytes, waiting.bytes);
    waiting.bytes -= released;
    total -= released;
  };
  const enter = (socket: Socket): Waiting => {
    const waiting = { socket, bytes: 0, since: 0 };
    connections.set(socket, waiting);
    socket.once("close", () => {
      release(waiting, waiting.bytes);
      connections.delete(socket);
    });
    return waiting;
  };
  const longest = (): Waiting | undefined => {
    let found: Waiting | undefined;
    for (const waiting of connections.values()) {
      if (waiting.bytes > 0 && (!found || waiting.since < found.since)) found = waiting;
    }
    return found;
  };
  const breakOff = (latest: number) => {
    while (total > limit) {
      const waiting = longest();
      if (!waiting || waiting.since > latest) return;
      release(waiting, waiting.bytes);
      waiting.socket.destroy();
    }
  };
  return {
    add(socket, bytes) {
      if (socket.destroyed) return () => {};
      const waiting = connections.get(socket) ?? enter(socket);
      const now = performance.now();
      if (waiting.bytes === 0) waiting.since = now;
      waiting.bytes += bytes;
      total += bytes;
      if (total > limit) breakOff(now - grace);
      return () => release(waiting, bytes);
    },
  };
}
