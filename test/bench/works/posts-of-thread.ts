import { someIds, type Work } from "../work.ts";

/** The address that the forum is asked for most. */
export const postsOfThread: Work = {
  name: "posts",
  title: "20 posts of a thread",
  connections: 50,
  goals: [
    { candidate: "posts service", baseline: "raw node:http", atLeast: 1.3, p99AtMost: 1 },
    { candidate: "posts service", baseline: "Express 5", atLeast: 1.7 },
    { candidate: "posts service", baseline: "Fastify 5", atLeast: 1.3 },
  ],
  async start(world) {
    const requests = someIds(500, world.amounts.threads).map((id) => ({ path: `/api/posts/in-thread/${id}` }));
    const servers = {
      "posts service": await world.service("posts"),
      "raw node:http": await world.baseline("raw", "posts"),
      "Fastify 5": await world.baseline("fastify", "posts"),
      "Express 5": await world.baseline("express", "posts"),
    };
    return Object.entries(servers).map(([name, server]) => ({ name, url: server.url, requests, processes: [server] }));
  },
};
