import type { Socket } from "node:net";
import type pg from "pg";

/**
 * Holds back what is written to a connection until `later` runs what it is given: one system call for all of it.
 * @param later `process.nextTick`: for what is sent at once; `setImmediate`: also for what other requests send meanwhile
 */
export function sentTogether(client: pg.ClientBase, later: (uncork: () => void) => unknown): void {
  const stream = streamOf(client);
  if (stream.writableCorked > 0) return;
  stream.cork();
  later(() => stream.uncork());
}

/** The socket to the server. */
export const streamOf = (client: pg.ClientBase): Socket =>
  (client as unknown as { connection: { stream: Socket } }).connection.stream;
