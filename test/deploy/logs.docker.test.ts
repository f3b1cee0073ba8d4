import assert from "node:assert/strict";
import { after, test } from "node:test";
import { infra } from "./command.ts";
import { session, startMoto } from "./moto.ts";

const moto = await startMoto();
after(() => moto.stop());

test("logs of all tasks of a service come in the order of time, pino's lines made readable", async () => {
  const { send } = session();
  const logGroupName = "forum-dev-users";
  await send("logs", "CreateLogGroup", { logGroupName });
  const now = Date.now();
  const line = (msg: string) => JSON.stringify({ level: 30, time: 0, msg });
  for (const [task, timestamp, msg] of [
    ["aaaaaaaa1", now - 2000, "first"],
    ["bbbbbbbb2", now - 1000, "second"],
    ["aaaaaaaa1", now - 500, "third"],
  ] as const) {
    const logStreamName = `users/users/${task}`;
    await send("logs", "CreateLogStream", { logGroupName, logStreamName }).catch(() => {});
    await send("logs", "PutLogEvents", { logGroupName, logStreamName, logEvents: [{ timestamp, message: line(msg) }] });
  }
  const { stdout, exitCode } = await infra("logs", "users");
  assert.equal(exitCode, 0);
  assert.deepEqual(stdout.split("\n"), [
    "aaaaaaaa 00:00:00.000 info  first",
    "bbbbbbbb 00:00:00.000 info  second",
    "aaaaaaaa 00:00:00.000 info  third",
  ]);
  const json = await infra("logs", "users", "--json");
  assert.equal((JSON.parse(json.stdout.split("\n")[1]!) as { text: string }).text, line("second"));
});

test("a service that is not in the table, and one that is not deployed", async () => {
  const unknown = await infra("logs", "likes");
  assert.equal(unknown.exitCode, 1);
  assert.match(unknown.stderr, /Allowed choices are monolith, users, threads, posts, tasks/);
  assert.deepEqual((await infra("logs", "posts")).stdout, "");
});
