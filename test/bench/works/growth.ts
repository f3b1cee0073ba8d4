import { encodeCursor } from "../../../services/contract/src/index.ts";
import type { Candidate, Work } from "../work.ts";
import type { BenchWorld } from "../world.ts";

const PAGE = 20;
/** The page that lies deep; in a table with fewer, its last one. */
const DEEP = 5000;
/** So many pages up to that one are asked for in turn. */
const PAGES = 100;

/** The list of all posts: its first page and one far behind, in tables of growing size. */
export const growthTo = (sizes: number[]): Work => ({
  name: "growth",
  title: "20 of all posts, while the table grows",
  connections: 4,
  goals: [{ candidate: deepIn(sizes.at(-1)!), baseline: firstOf(sizes[0]!), p99AtMost: 1.2 }],
  async start(world) {
    const candidates: Candidate[] = [];
    for (const size of sizes) candidates.push(...(await candidatesOf(world, size)));
    return candidates;
  },
});

const firstOf = (size: number) => `${size} posts, page 1`;
const deepIn = (size: number) => `${size} posts, page ${Math.min(DEEP, size / PAGE)}`;

async function candidatesOf(world: BenchWorld, size: number): Promise<Candidate[]> {
  const database = `posts_${size}`;
  await world.database.fill("posts", { ...world.amounts, posts: size }, database);
  const server = await world.service("posts", database);
  const last = Math.min(DEEP, size / PAGE);
  // The rows after which these pages begin.
  const rows = await world.database.query<{ id: number; ms: string }>(
    database,
    `SELECT id::int, (extract(epoch FROM created_at) * 1000)::bigint AS ms FROM posts
     ORDER BY created_at, id OFFSET ${(last - 1 - Math.min(PAGES, last - 1)) * PAGE} LIMIT ${Math.min(PAGES, last - 1) * PAGE}`,
  );
  const ends = rows.filter((_, i) => i % PAGE === PAGE - 1);
  const deep = ends.map(({ id, ms }) => ({
    path: `/api/posts?limit=${PAGE}&after=${encodeCursor({ createdAt: Number(ms), id })}`,
  }));
  const common = { url: server.url, processes: [server] };
  return [
    { ...common, name: firstOf(size), requests: [{ path: `/api/posts?limit=${PAGE}` }] },
    { ...common, name: deepIn(size), requests: deep },
  ];
}
