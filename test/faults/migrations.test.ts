/** Migrations run where a task starts: several at once, interrupted, or after somebody changed one. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../../infra/folders.ts";
import { createLog } from "../../services/chassis/src/log.ts";
import { migrate } from "../../services/chassis/src/migrations.ts";
import { startForum } from "../support/forum.ts";

const { postgres, startAnother } = await startForum([]);
const applied = (database: string) =>
  postgres.query<{ name: string }>(database, "SELECT name FROM schema_migrations ORDER BY name");

/** A folder of migrations of this test's own, applied to the monolith's database. */
const folder = await mkdtemp(path.join(tmpdir(), "migrations-"));
after(() => rm(folder, { recursive: true, force: true }));
const write = (name: string, sql: string) => writeFile(path.join(folder, name), sql);
const migrateOwn = () => migrate(postgres.url("monolith"), pathToFileURL(`${folder}/`), createLog("test", "silent"));

test("three tasks start at once on an empty database: all become ready, each migration is applied once", async () => {
  const tasks = await Promise.all([1, 2, 3].map(() => startAnother("posts")));
  assert.equal(new Set(tasks.map(({ pid }) => pid)).size, 3);
  const files = readdirSync(path.join(root, "services/posts/migrations")).sort();
  assert.deepEqual(
    (await applied("posts")).map(({ name }) => name),
    files,
  );
});

test("many at once: the statements of a file run once", async () => {
  await write("001-counter.sql", "CREATE TABLE counter AS SELECT 0 AS n; SELECT pg_sleep(0.05);");
  await write("002-count.sql", "UPDATE counter SET n = n + 1;");
  await Promise.all(Array.from({ length: 5 }, migrateOwn));
  assert.deepEqual(await postgres.query("monolith", "SELECT n FROM counter"), [{ n: 1 }]);
});

test("one that fails leaves nothing behind, says which it is, and can be repaired", async () => {
  await write("003-broken.sql", "UPDATE counter SET n = 100; SELECT no_such_column FROM counter;");
  await assert.rejects(migrateOwn(), /^Error: Migration 003-broken\.sql failed: .*no_such_column/);
  assert.deepEqual(await postgres.query("monolith", "SELECT n FROM counter"), [{ n: 1 }]);
  await write("003-broken.sql", "UPDATE counter SET n = 2;");
  await migrateOwn();
  assert.deepEqual(await postgres.query("monolith", "SELECT n FROM counter"), [{ n: 2 }]);
});

test("one that was changed after it had been applied is refused, and says what to do", async () => {
  await write("002-count.sql", "UPDATE counter SET n = n + 1000;");
  const message = "Migration 002-count.sql was changed after it had been applied. Put it back and write a new one.";
  await assert.rejects(migrateOwn(), { message });
  assert.deepEqual(await postgres.query("monolith", "SELECT n FROM counter"), [{ n: 2 }]);
});

test("one that only the database knows is left alone: a newer image has brought it", async () => {
  await write("002-count.sql", "UPDATE counter SET n = n + 1;");
  await rm(path.join(folder, "003-broken.sql"));
  await migrateOwn();
  assert.equal((await applied("monolith")).length, 3);
});
