/** Posting is the one request that waits for another service. Here that service is dead, and then only frozen. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertUnavailable, get, newMember, newPost, newThread, tryToPost } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { startForum } from "../support/forum.ts";

const { url, world, child, postgres } = await startForum(["users", "threads", "posts"]);
const ada = await newMember(url);
const thread = await newThread(url, ada);
await newPost(url, ada, thread.id);

/** Two tries of 1 s each, and some time for the rest. */
const SLOWEST = 2500;
/** What an open breaker may take: it asks nobody. */
const QUICK = 100;

const countPosts = async (): Promise<number> => {
  const [row] = await postgres.query<{ n: number }>("posts", "SELECT count(*)::int AS n FROM posts");
  return row!.n;
};

/** While threads is away: posting is refused in time and then at once, reading goes on, nothing is stored. */
async function assertContained(): Promise<void> {
  const before = await countPosts();
  const together = await Promise.all([1, 2, 3, 4].map(() => tryToPost(url, ada, thread.id)));
  for (const answer of together) {
    assertUnavailable(answer);
    assert.ok(answer.ms < SLOWEST, `${answer.ms} ms`);
  }
  const quick = await tryToPost(url, ada, thread.id);
  assertUnavailable(quick);
  assert.ok(quick.ms < QUICK, `${quick.ms} ms behind an open breaker`);
  const read = await get(`${url}/api/posts/in-thread/${thread.id}`);
  assert.equal(read.status, 200);
  assert.ok(read.ms < QUICK, `${read.ms} ms for reading`);
  assert.equal(await countPosts(), before, "a refused post was stored");
}

test("threads killed", async () => {
  await child("threads").kill();
  await assertContained();
  await world.start("threads");
  await eventually(() => newPost(url, ada, thread.id), 5000);
});

test("threads frozen: it takes connections and never answers", async () => {
  const { pid } = child("threads");
  process.kill(pid, "SIGSTOP");
  try {
    await assertContained();
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await eventually(() => newPost(url, ada, thread.id), 5000);
});
