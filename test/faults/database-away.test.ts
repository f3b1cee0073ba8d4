/** The database goes away and comes back while people use the forum. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Post } from "../../services/contract/src/index.ts";
import { assertUnavailable, get, newMember, newThread, tryToPost, type Answer } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { startForum } from "../support/forum.ts";
import { startLoad } from "../support/load.ts";

const services = ["monolith", "users", "threads", "posts"];
const { url, world, postgres, serviceUrl, child } = await startForum(services);
const ada = await newMember(url);
const thread = await newThread(url, ada);

/** What no answer may take, however the database fails. */
const SLOWEST = 3500;

const statusOf = async (path: string) =>
  Object.fromEntries(
    await Promise.all(services.map(async (name) => [name, (await get(serviceUrl(name) + path)).status])),
  );
const each = (status: number) => Object.fromEntries(services.map((name) => [name, status]));

const CLIENTS = 4;
const isUnknown = ({ status, body }: Answer) =>
  status === 500 && /not known/.test((body as { detail?: string }).detail ?? "");

for (const mode of ["fast", "immediate"] as const) {
  test(`${mode} end of PostgreSQL under load: 503 in time, and back without a restart`, async () => {
    const pids = services.map((name) => child(name).pid);
    const acknowledged: number[] = [];
    const refusals: Answer[] = [];
    const load = startLoad(CLIENTS, async (n) => {
      const answer = await tryToPost(url, ada, thread.id, `${mode} ${n}`);
      if (answer.status === 201) acknowledged.push((answer.body as Post).id);
      else refusals.push(answer);
      return answer;
    });
    await eventually(() => assert.ok(acknowledged.length > 50));

    await postgres.stop(mode);
    assert.deepEqual(await statusOf("/ready"), each(503));
    assert.deepEqual(await statusOf("/health"), each(200));
    const read = await get(`${url}/api/threads`);
    assert.equal(read.status, 503);
    await eventually(() => assert.ok(refusals.length > 20));

    await postgres.start();
    await eventually(async () => assert.deepEqual(await statusOf("/ready"), each(200)), 5000);
    const count = acknowledged.length;
    await eventually(() => assert.ok(acknowledged.length > count + 50), 5000);
    const { statuses, broken, slowest, total } = await load.stop();

    assert.deepEqual(broken, []);
    // Whose commit was under way when the server died is told that nobody knows.
    const [unknown, notNow] = [refusals.filter(isUnknown), refusals.filter((answer) => !isUnknown(answer))];
    assert.ok(unknown.length <= CLIENTS, JSON.stringify(statuses));
    notNow.forEach(assertUnavailable);
    assert.ok(slowest < SLOWEST, `${slowest} ms`);
    assert.deepEqual(
      services.map((name) => child(name).pid),
      pids,
      "a service was restarted",
    );

    const stored = await postgres.query<{ id: string }>("posts", "SELECT id FROM posts WHERE text LIKE $1", [
      `${mode} %`,
    ]);
    const ids = new Set(stored.map(({ id }) => Number(id)));
    assert.deepEqual(
      acknowledged.filter((id) => !ids.has(id)),
      [],
      "an acknowledged post is lost",
    );
    // A commit whose confirmation the crash took away is the one case in which the client cannot know.
    const unconfirmed = ids.size - acknowledged.length;
    assert.ok(unconfirmed <= 4, `${unconfirmed} of ${total} posts were refused and yet stored`);
  });
}

test("a service started while the database is away becomes ready when it comes", async () => {
  await child("threads").kill();
  await postgres.stop("fast");
  const started = world.start("threads");
  const waiting = await Promise.race([
    started.then(() => "ready"),
    get(`${serviceUrl("users")}/ready`).then(() => "waits"),
  ]);
  assert.equal(waiting, "waits");
  await postgres.start();
  await started;
  await eventually(() => newThread(url, ada));
});
