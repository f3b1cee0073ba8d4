import { unavailable, type Peer } from "../../chassis/src/index.ts";

/**
 * Asks the threads service whether a thread exists: the one call that a request waits for. While threads are elsewhere it
 * answers out of its copy, which may not have a new one yet: that there is none is believed only of their owner.
 * @throws Problem 503
 */
export async function threadExists(threads: Peer, threadId: number): Promise<boolean> {
  return (await isFound(threads, threadId)) || isFound(threads, threadId, { "cache-control": "no-cache" });
}

async function isFound(threads: Peer, threadId: number, headers?: Record<string, string>): Promise<boolean> {
  const { status } = await threads.get(`/api/threads/${threadId}`, headers);
  if (status !== 200 && status !== 404) throw unavailable(`The threads service answered ${status}.`);
  return status === 200;
}
