import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { importDump, type Summary } from "../../infra/import/src/import.ts";
import { bigDump, writeDump } from "./dumps.ts";
import { startForumDatabases, type ForumDatabases } from "./forum-databases.ts";

const main = fileURLToPath(new URL("../../infra/import/src/main.ts", import.meta.url));
const { dump, expected } = bigDump();
let forum: ForumDatabases;
let dir: string;
before(async () => {
  [forum, dir] = await Promise.all([startForumDatabases(), writeDump(dump)]);
});
beforeEach(() => forum.empty());
after(() => forum.stop());

const start = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [main, dir, ...args, "--json"], {
    env: { ...process.env, ...forum.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });

/** Exit code, output and messages of a child process. */
async function ended(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const output = { stdout: "", stderr: "" };
  child.stdout!.on("data", (data) => (output.stdout += data));
  child.stderr!.on("data", (data) => (output.stderr += data));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...output };
}

/** Resolves at the first line of progress, which is when there is something to interrupt. */
const begun = (child: ChildProcess) => once(child.stderr!, "data");

for (const shape of ["monolith", "services"] as const) {
  describe(`into the ${shape}`, () => {
    test("killed at any instants and run again, it doubles nothing and loses nothing", async () => {
      for (let kill = 0; kill < 3; kill++) {
        const child = start("--into", shape);
        const end = once(child, "close");
        await begun(child);
        await sleep(Math.random() * 300);
        child.kill("SIGKILL");
        await end;
      }
      const again = await ended(start("--into", shape));
      assert.equal(again.code, 0, again.stderr);
      assert.deepEqual(await forum.stored(shape), expected);
      const { threads, posts } = forum.urls[shape];
      const texts = "SELECT count(DISTINCT text)::integer AS count FROM posts";
      assert.deepEqual(await forum.query(posts, texts), [{ count: expected.posts }]);
      const titles = "SELECT count(DISTINCT title)::integer AS count FROM threads";
      assert.deepEqual(await forum.query(threads, titles), [{ count: expected.threads }]);
    });

    test("two at the same time share the work", async () => {
      const options = { dir, source: "same", databases: forum.urls[shape] };
      const summaries = await Promise.all([importDump(options), importDump(options)]);
      assert.deepEqual(await forum.stored(shape), expected);
      const added = (table: "threads" | "posts") => summaries.reduce((sum, summary) => sum + summary[table].added, 0);
      assert.deepEqual([added("threads"), added("posts")], [expected.threads, expected.posts]);
    });
  });
}

test("ends cleanly after the batch when it is asked to, and goes on from there", async () => {
  const child = start();
  const end = ended(child);
  await begun(child);
  child.kill("SIGINT");
  const first = await end;
  assert.equal(first.code, 130, first.stderr);
  assert.match(first.stderr, /the same command goes on/);
  assert.equal((JSON.parse(first.stdout) as Summary).complete, false);
  const second = await ended(start());
  assert.equal(second.code, 0, second.stderr);
  assert.equal((JSON.parse(second.stdout) as Summary).complete, true);
  assert.deepEqual(await forum.stored("monolith"), expected);
});
