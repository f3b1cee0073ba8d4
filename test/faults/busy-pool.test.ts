/** Every connection for reads hangs in the database: the service says "not now" in time and recovers by itself. */
import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { assertUnavailable, get } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { startForum } from "../support/forum.ts";

/** Half of a small pool's connections are for reads. */
const POOL = 4;
const READERS = POOL / 2;
const CONNECT_TIMEOUT = 300;
const STATEMENT_TIMEOUT = 1200;
const { postgres, startAnother } = await startForum(["users", "threads", "posts"]);
const { url } = await startAnother("posts", {
  DATABASE_POOL_SIZE: String(POOL),
  DATABASE_CONNECT_TIMEOUT: String(CONNECT_TIMEOUT),
  DATABASE_STATEMENT_TIMEOUT: String(STATEMENT_TIMEOUT),
});
/** What an answer may take beyond the time-out that causes it. */
const SLACK = 500;

test("a table locked: those inside and those outside the pool get 503, and all is well after", async () => {
  const holder = new pg.Client({ connectionString: postgres.url("posts") });
  await holder.connect();
  await holder.query("BEGIN");
  await holder.query("LOCK TABLE posts");

  const inside = Array.from({ length: READERS }, () => get(`${url}/api/posts`));
  await eventually(async () => {
    const waiting = await postgres.query("posts", "SELECT FROM pg_locks WHERE NOT granted");
    assert.equal(waiting.length, READERS);
  });
  const [outside, ready] = await Promise.all([get(`${url}/api/posts`), get(`${url}/ready`)]);
  assertUnavailable(outside);
  assert.ok(outside.ms >= CONNECT_TIMEOUT && outside.ms < CONNECT_TIMEOUT + SLACK, `outside: ${outside.ms} ms`);
  // A busy pool is not a dead database: the balancer must not take the task away for it.
  assert.equal(ready.status, 200);
  assert.ok(ready.ms < CONNECT_TIMEOUT, `/ready: ${ready.ms} ms`);
  for (const answer of await Promise.all(inside)) {
    assertUnavailable(answer);
    assert.ok(answer.ms < STATEMENT_TIMEOUT + SLACK, `inside: ${answer.ms} ms`);
  }

  await holder.query("COMMIT");
  await holder.end();
  const after = await Promise.all(Array.from({ length: 5 * POOL }, () => get(`${url}/api/posts`)));
  assert.deepEqual(new Set(after.map(({ status }) => status)), new Set([200]));
});
