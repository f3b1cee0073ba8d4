/** What one service tells another after the fact arrives, whoever is away in between, and twice does no harm. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { EVENTS_PATH, type Post, type Thread } from "../../services/contract/src/index.ts";
import { expectStatus, get, newMember, newPost, newThread, send, tryToPost } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { startForum } from "../support/forum.ts";

const { url, world, child, postgres, secrets, serviceUrl, output } = await startForum(["users", "threads", "posts"]);
const ada = await newMember(url);

/** How long the contract lets services differ. */
const CONSISTENT_WITHIN = 5000;

const deleteThread = ({ id }: Thread) =>
  expectStatus(204, send("DELETE", `${url}/api/threads/${id}`, { token: ada.token }));
const postsOf = async ({ id }: Thread) => expectStatus<Post[]>(200, get(`${url}/api/posts/in-thread/${id}`));
const outboxOf = (service: string) => postgres.query<{ id: string }>(service, "SELECT id FROM outbox");

test("threads deleted while posts is away: their posts go when posts is back, and no others", async () => {
  const kept = await newThread(url, ada);
  // More than it takes to open the breaker: what has failed together must not wait for one another.
  const threads = await Promise.all(Array.from({ length: 8 }, () => newThread(url, ada)));
  for (const { id } of [kept, ...threads]) await newPost(url, ada, id);
  await child("posts").kill();
  await Promise.all(threads.map(deleteThread));
  await eventually(async () => {
    const rows = await postgres.query<{ attempts: number }>("threads", "SELECT attempts FROM outbox");
    assert.equal(rows.length, threads.length);
    assert.ok(rows.every(({ attempts }) => attempts >= 2));
  });
  await world.start("posts");
  const left = async () => (await Promise.all(threads.map(postsOf))).flat();
  await eventually(async () => assert.deepEqual(await left(), []), CONSISTENT_WITHIN);
  await eventually(async () => assert.deepEqual(await outboxOf("threads"), []));
  assert.equal((await postsOf(kept)).length, 1);
});

test("threads killed right after a deletion: the event is delivered after its start", async () => {
  const thread = await newThread(url, ada);
  await newPost(url, ada, thread.id);
  await child("posts").kill();
  await deleteThread(thread);
  await child("threads").kill();
  await Promise.all([world.start("posts"), world.start("threads")]);
  await eventually(async () => assert.deepEqual(await postsOf(thread), []), CONSISTENT_WITHIN);
});

test("an event delivered twice does what it does once, and only services may send one", async () => {
  const thread = await newThread(url, ada);
  await newPost(url, ada, thread.id);
  const deliver = (secret: string) =>
    send("POST", serviceUrl("posts") + EVENTS_PATH, {
      token: secret,
      body: { type: "thread-deleted", threadId: thread.id },
    });
  await expectStatus(401, deliver("x".repeat(64)));
  assert.equal((await postsOf(thread)).length, 1);
  await Promise.all([1, 2, 3].map(() => expectStatus(204, deliver(secrets.peerSecret))));
  await expectStatus(204, deliver(secrets.peerSecret));
  assert.deepEqual(await postsOf(thread), []);
});

test("posting races with the thread's deletion: afterwards no post of it is left", async () => {
  for (let round = 0; round < 5; round++) {
    const thread = await newThread(url, ada);
    await newPost(url, ada, thread.id);
    const attempts = Array.from({ length: 40 }, () => tryToPost(url, ada, thread.id));
    // The deletion comes while some are stored, some under way and some not yet sent.
    await Promise.any(attempts.slice(0, 10));
    await deleteThread(thread);
    const statuses = new Set((await Promise.all(attempts)).map(({ status }) => status));
    assert.ok(statuses.isSubsetOf(new Set([201, 404])), `statuses ${[...statuses].join(", ")}`);
    await eventually(async () => assert.deepEqual(await outboxOf("threads"), []), CONSISTENT_WITHIN);
    const left = await postgres.query("posts", "SELECT FROM posts WHERE thread_id = $1", [thread.id]);
    assert.equal(left.length, 0);
  }
});

test("an account deleted while threads and posts are away: its tokens are withdrawn when they are back", async () => {
  const bob = await newMember(url);
  const thread = await newThread(url, bob);
  await Promise.all([child("threads").kill(), child("posts").kill()]);
  await expectStatus(204, send("DELETE", `${url}/api/users/${bob.id}`, { token: bob.token }));
  assert.equal((await outboxOf("users")).length, 2);
  await Promise.all([world.start("threads"), world.start("posts")]);
  await eventually(async () => {
    assert.equal((await tryToPost(url, bob, thread.id)).status, 401);
    const opening = send("POST", `${url}/api/threads`, { token: bob.token, body: { title: "No more" } });
    await expectStatus(401, opening);
  }, CONSISTENT_WITHIN);
  await newThread(url, ada);
});

test("what a deletion causes elsewhere is logged under the trace of the request that caused it", async () => {
  const thread = await newThread(url, ada);
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
  await expectStatus(204, send("DELETE", `${url}/api/threads/${thread.id}`, { token: ada.token, headers }));
  await eventually(() => {
    const traced = output.filter((line) => line.includes(traceId));
    assert.ok(traced.some((line) => line.startsWith("threads ") && line.includes(`DELETE /api/threads/${thread.id}`)));
    assert.ok(traced.some((line) => line.startsWith("posts ") && line.includes(`POST ${EVENTS_PATH} 204`)));
  });
});
