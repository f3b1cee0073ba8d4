import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { databaseUrls } from "../../infra/import/src/addresses.ts";
import { question, user, writeDump } from "./dumps.ts";
import { startForumDatabases, type ForumDatabases } from "./forum-databases.ts";

const main = fileURLToPath(new URL("../../infra/import/src/main.ts", import.meta.url));
let forum: ForumDatabases;
before(async () => {
  forum = await startForumDatabases();
});
after(() => forum.stop());

const run = (args: string[], environment: Record<string, string> = forum.environment) =>
  spawnSync(process.execPath, [main, ...args], { env: { ...process.env, ...environment }, encoding: "utf8" });

test("prints a table, progress apart from it; the second time it says that nothing was added", () => {
  const first = run(["--sample", "--into", "services"]);
  assert.equal(first.status, 0, first.stderr);
  assert.match(first.stdout, /^posts +25 +0$/m);
  assert.match(first.stderr, /^comments: \d+ %/m);
  assert.match(run(["--sample", "--into", "services"]).stdout, /nothing was added/);
});

test("prints JSON when asked to", () => {
  const { stdout } = run(["--sample", "--json"]);
  assert.deepEqual((JSON.parse(stdout) as { posts: unknown }).posts, { added: 25, alreadyThere: 0 });
});

test("malformed XML ends it with 1, and what was stored stays", async () => {
  await forum.empty();
  const dir = await writeDump({ users: [user(1)], posts: '<posts>\n<row Id="1" PostTypeId=1/></posts>' });
  const { status, stdout, stderr } = run([dir]);
  assert.deepEqual([status, stdout], [1, ""]);
  assert.match(stderr, /^Posts\.xml:2:\d+: /m);
  assert.doesNotMatch(stderr, /\n +at /);
  assert.deepEqual(await forum.stored("monolith"), { users: 1, threads: 0, posts: 0 });
});

test("a row without an attribute ends it with 1", async () => {
  const row = question(1);
  delete row.CreationDate;
  const { status, stderr } = run([await writeDump({ users: [user(1)], posts: [row] })]);
  assert.equal(status, 1);
  assert.match(stderr, /^Posts\.xml:4:\d+: the row has no attribute CreationDate$/m);
});

describe("says what is missing", () => {
  const says = (args: string[], message: RegExp, environment?: Record<string, string>) => {
    const { status, stderr } = run(args, environment);
    assert.equal(status, 1);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /\n +at /);
  };
  test("folder or --sample", () => says([], /give either a folder or --sample/));
  test("a folder", () => says(["/does/not/exist"], /has no Users\.xml, Posts\.xml, Comments\.xml/));
  test("tables", async () => {
    const { users } = forum.urls.monolith;
    await forum.query(users, "ALTER TABLE users RENAME TO elsewhere");
    says(["--sample"], /has no table "users" yet: start the forum once/);
    await forum.query(users, "ALTER TABLE elsewhere RENAME TO users");
  });
  test("a database", () =>
    says(["--sample"], /^The database refuses: /m, {
      MONOLITH_DATABASE_URL: forum.urls.monolith.users.replace(/monolith$/, "elsewhere"),
    }));
  test("a server", () =>
    says(["--sample"], /does not answer: .*ECONNREFUSED/, { MONOLITH_DATABASE_URL: "postgres://a@127.0.0.1:1/a" }));
});

describe("addresses", () => {
  const nowhere = pathToFileURL("/does/not/exist.json");
  test("all mistakes of the environment at once", () =>
    assert.rejects(databaseUrls("services", { USERS_DATABASE_URL: "http://x" }, nowhere), (error: Error) =>
      ["USERS_DATABASE_URL: must", "THREADS_DATABASE_URL: is not set", "POSTS_DATABASE_URL: is not set"].every((part) =>
        error.message.includes(part),
      ),
    ));
  test("those of the running forum when the environment has none", async () => {
    const file = path.join(await writeDump({}), "databases.json");
    await writeFile(file, JSON.stringify({ monolith: "m", users: "u", threads: "t", posts: "p" }));
    assert.deepEqual(await databaseUrls("monolith", {}, pathToFileURL(file)), { users: "m", threads: "m", posts: "m" });
    assert.deepEqual(await databaseUrls("services", {}, pathToFileURL(file)), { users: "u", threads: "t", posts: "p" });
  });
  test("neither", () => assert.rejects(databaseUrls("monolith", {}, nowhere), /npm start.*MONOLITH_DATABASE_URL/));
});
