import { readFileSync } from "node:fs";
import path from "node:path";
import { sampleFolder } from "../../../infra/import/src/import.ts";
import type { HttpRequest } from "../load.ts";
import { someIds, type Work } from "../work.ts";
import type { BenchWorld } from "../world.ts";
import { postings } from "./posting.ts";

/** One posting for so many reads. */
const READS = 20;

/**
 * Reads in the proportion in which the sample has accounts, questions, and posts (questions, answers, comments): an
 * account, a thread, the posts of a thread; and postings among them.
 */
export function mixture(world: BenchWorld): HttpRequest[] {
  const rows = (file: string, mark: RegExp) =>
    readFileSync(path.join(sampleFolder, file), "utf8").match(mark)?.length ?? 0;
  const users = rows("Users.xml", /<row /g);
  const threads = rows("Posts.xml", /PostTypeId="1"/g);
  const posts = rows("Posts.xml", /<row /g) + rows("Comments.xml", /<row /g);
  const kinds = [
    ...Array.from({ length: users }, () => "users"),
    ...Array.from({ length: threads }, () => "threads"),
    ...Array.from({ length: posts }, () => "posts/in-thread"),
  ];
  const writes = postings(world);
  return someIds(writes.length, world.amounts.threads).flatMap((id, n) => {
    const read = { path: `/api/${kinds[(n * 7) % kinds.length]}/${id}` };
    return n % READS === READS - 1 ? [read, writes[n]!] : [read];
  });
}

/** The whole forum before and after, all of its processes on one core. */
export const mixed: Work = {
  name: "mixed",
  title: "Mixed load, all processes on one core",
  connections: 50,
  goals: [],
  prices: [
    { of: "the balancer", candidate: "monolith behind the balancer", without: "monolith" },
    { of: "three services", candidate: "services behind the balancer", without: "monolith behind the balancer" },
  ],
  async start(world) {
    const requests = mixture(world);
    const monolith = await world.service("monolith");
    const services = await Promise.all(["users", "threads", "posts"].map((name) => world.service(name)));
    const [before, after] = [await world.gateway(["monolith"]), await world.gateway(["users", "threads", "posts"])];
    return [
      { name: "monolith", url: monolith.url, requests, processes: [monolith] },
      { name: "monolith behind the balancer", url: before.url, requests, processes: [before, monolith] },
      { name: "services behind the balancer", url: after.url, requests, processes: [after, ...services] },
    ];
  },
};

/** One client alone: nobody waits for anybody, so the difference is the hop itself. */
export const hop: Work = {
  name: "hop",
  title: "One thread by id, one client",
  connections: 1,
  goals: [],
  prices: [{ of: "the balancer", candidate: "monolith behind the balancer", without: "monolith" }],
  async start(world) {
    const requests = someIds(500, world.amounts.threads).map((id) => ({ path: `/api/threads/${id}` }));
    const monolith = await world.service("monolith");
    const gateway = await world.gateway(["monolith"]);
    return [
      { name: "monolith", url: monolith.url, requests, processes: [monolith] },
      { name: "monolith behind the balancer", url: gateway.url, requests, processes: [gateway, monolith] },
    ];
  },
};

/** The same for the one call that a request waits for: whether a thread exists. */
export const peer: Work = {
  name: "peer",
  title: "Posting, one client",
  connections: 1,
  goals: [],
  prices: [{ of: "asking the threads service", candidate: "posts and threads service", without: "monolith" }],
  async start(world) {
    const requests = postings(world);
    const monolith = await world.service("monolith");
    const [users, threads] = [await world.service("users"), await world.service("threads")];
    const posts = await world.service("posts");
    return [
      { name: "monolith", url: monolith.url, requests, processes: [monolith] },
      { name: "posts and threads service", url: posts.url, requests, processes: [posts, threads, users] },
    ];
  },
};
