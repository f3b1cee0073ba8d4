import { someIds, type Work } from "../work.ts";

const byId = (kind: "thread" | "user"): Work => ({
  name: kind,
  title: `One ${kind} by id`,
  connections: 50,
  goals: [{ candidate: `${kind}s service`, baseline: "raw node:http", atLeast: 1 }],
  async start(world) {
    const requests = someIds(500, world.amounts[`${kind}s`]).map((id) => ({ path: `/api/${kind}s/${id}` }));
    const ours = await world.service(`${kind}s`);
    const raw = await world.baseline("raw", `${kind}s`);
    return [
      { name: `${kind}s service`, url: ours.url, requests, processes: [ours] },
      { name: "raw node:http", url: raw.url, requests, processes: [raw] },
    ];
  },
});

export const oneThread = byId("thread");
export const oneUser = byId("user");
