import { someIds, type Work } from "../work.ts";
import type { BenchWorld } from "../world.ts";

/** Requests that post into threads as account 1. */
export const postings = ({ amounts, token }: BenchWorld) =>
  someIds(500, amounts.threads).map((id) => ({
    method: "POST" as const,
    path: `/api/posts/in-thread/${id}`,
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ text: "They stay where they are, and whoever looks for them will find them there." }),
  }));

/** Each posting is a commit that waits for the disk. The service alone also asks a peer whether the thread exists. */
export const posting: Work = {
  name: "posting",
  title: "Posting, with commit",
  connections: 50,
  goals: [{ candidate: "monolith", baseline: "raw node:http", atLeast: 0.9 }],
  async start(world) {
    const requests = postings(world);
    const monolith = await world.service("monolith");
    const raw = await world.baseline("raw", "monolith");
    const [users, threads] = [await world.service("users"), await world.service("threads")];
    const posts = await world.service("posts");
    return [
      { name: "monolith", url: monolith.url, requests, processes: [monolith] },
      { name: "raw node:http", url: raw.url, requests, processes: [raw] },
      { name: "posts and threads service", url: posts.url, requests, processes: [posts, threads, users] },
    ];
  },
};
