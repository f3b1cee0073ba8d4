import { unavailable, type Peer } from "../../chassis/src/index.ts";

/** Asks the threads service whether a thread exists: the one call that a request waits for. @throws Problem 503 */
export async function threadExists(threads: Peer, threadId: number): Promise<boolean> {
  const { status } = await threads.get(`/api/threads/${threadId}`);
  if (status !== 200 && status !== 404) throw unavailable(`The threads service answered ${status}.`);
  return status === 200;
}
