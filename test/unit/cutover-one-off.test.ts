import assert from "node:assert/strict";
import { test } from "node:test";
import type { CutoverEvent } from "../../infra/cutover/events.ts";
import { listener, tell, type Line } from "../../infra/cutover/targets/one-off.ts";
import { UserError } from "../../infra/terminal/user-error.ts";

/** What a step does, told and heard: as between a task and whoever has started it. */
async function through(work: Parameters<typeof tell>[1]) {
  const heard: CutoverEvent[] = [];
  const { hear, end } = listener((event) => heard.push(event));
  hear("(node:1) Warning: something of no concern");
  hear("{ not JSON");
  const print = (line: Line) => hear(JSON.stringify(line));
  await tell(print, work);
  return { heard, end };
}

test("events and the result of a step arrive as they were told", async () => {
  const { heard, end } = await through(async (report) => {
    report({ type: "progress", module: "posts", rows: 1, total: 2 });
    return { rows: 2 };
  });
  assert.deepEqual(end(), { result: { rows: 2 } });
  assert.partialDeepStrictEqual(heard, [{ type: "progress", module: "posts", rows: 1, total: 2 }]);
  assert.equal(typeof heard[0]?.at, "number");
});

test("what the user has to know arrives as such, with its exit code", async () => {
  const { end } = await through(() => Promise.reject(new UserError("Nobody owns posts.", 3)));
  assert.throws(end, (error: UserError) => error.message === "Nobody owns posts." && error.exitCode === 3);
});

test("a bug is thrown where it happens, and the other end hears nothing of a result", async () => {
  const { hear, end } = listener(() => {});
  await assert.rejects(
    tell(
      (line) => hear(JSON.stringify(line)),
      () => Promise.reject(new TypeError("bug")),
    ),
    TypeError,
  );
  assert.equal(end(), undefined);
});
