import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { CutoverEvent } from "../../infra/cutover/events.ts";
import { taskServer } from "../../infra/cutover/targets/task-server.ts";

/** A task that answers after a progress event; it dies when told to, and a watch ends when it is stopped. */
const TASK = `
  const print = (line) => console.log(JSON.stringify(line));
  console.log("a line of somebody else");
  require("node:readline").createInterface({ input: process.stdin }).on("line", (text) => {
    const { id, args, stop } = JSON.parse(text);
    if (stop) return print({ id, result: null });
    if (args[0] === "die") { console.error("out of memory"); process.exit(1); }
    if (args[0] === "fail") return print({ id, error: "Nobody owns it.", exitCode: 3 });
    print({ id, event: { type: "progress", module: args[1], rows: 1, total: 2 } });
    if (args[0] !== "watch") setTimeout(() => print({ id, result: { args, pid: process.pid } }), args[0] === "slow" ? 200 : 0);
  });`;

function server(t: TestContext) {
  const made = taskServer([process.execPath, "-e", TASK], import.meta.dirname);
  t.after(() => made.close());
  return made;
}
const pidOf = (result: unknown) => (result as { pid: number }).pid;
const silent = () => {};

test("one task does many things, side by side, and each hears what is its own", async (t) => {
  const { ask } = server(t);
  const heard: Record<string, CutoverEvent[]> = { posts: [], users: [] };
  const results = await Promise.all([
    ask(["slow", "posts"], (event) => heard["posts"]?.push(event)),
    ask(["quick", "users"], (event) => heard["users"]?.push(event)),
  ]);
  assert.deepEqual(
    results.map((result) => (result as { args: string[] }).args),
    [
      ["slow", "posts"],
      ["quick", "users"],
    ],
  );
  assert.equal(new Set(results.map(pidOf)).size, 1);
  for (const module of ["posts", "users"]) {
    assert.deepEqual(heard[module], [{ type: "progress", module, rows: 1, total: 2 }]);
  }
});

test("what the task refuses is said to who has asked, and it goes on", async (t) => {
  const { ask } = server(t);
  await assert.rejects(ask(["fail", "posts"], silent), { message: "Nobody owns it.", exitCode: 3 });
  assert.ok(pidOf(await ask(["quick", "posts"], silent)) > 0);
});

test("a signal ends what would go on", async (t) => {
  const { ask } = server(t);
  const stop = new AbortController();
  await ask(["watch", "posts"], () => stop.abort(), stop.signal);
});

test("when the task dies, all who wait learn why, and the next one gets a new task", async (t) => {
  const { ask } = server(t);
  const first = pidOf(await ask(["quick", "posts"], silent));
  const waiting = ask(["watch", "posts"], silent);
  await Promise.all([
    assert.rejects(ask(["die"], silent), /has ended: out of memory/),
    assert.rejects(waiting, /has ended: out of memory/),
  ]);
  assert.notEqual(pidOf(await ask(["quick", "posts"], silent)), first);
});
