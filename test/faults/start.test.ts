/** `npm start`: what it says of mistakes, and that nothing is left running however it ends. */
import assert from "node:assert/strict";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { get, newMember } from "../support/client.ts";
import { eventually, timed } from "../support/eventually.ts";
import { listen } from "../support/loopback.ts";
import { allGone, npmStart, type Started } from "../support/npm-start.ts";

const parent = await mkdtemp(path.join(tmpdir(), "forum-start-"));
// PostgreSQL may have to run as another user than root, who must be able to go through.
await chmod(parent, 0o755);
const data = path.join(parent, "data");
after(() => rm(parent, { recursive: true, force: true }));
const start = (...args: string[]) => npmStart(["--data", data, "--only", "monolith", "--quiet", ...args]);

/** Ctrl-C, and everything has ended within 5 s. */
async function interrupt(started: Started): Promise<void> {
  const processes = await eventually(async () => {
    const found = await started.processes();
    assert.ok(found.length > 0);
    return found;
  });
  started.interrupt();
  const { ms } = await timed(async () => ({ how: await started.ended }));
  assert.ok(ms < 5000, `${ms} ms`);
  assert.equal(await started.ended, 0, started.text());
  await allGone(processes, 1000);
}

test("mistakes in the arguments: exit code 2, what is wrong, and how it is used", async () => {
  const mistakes = [
    { args: ["--prot", "1"], message: /Unknown option '--prot'/ },
    { args: ["--port", "70000"], message: /--port 70000/ },
    { args: ["--only", "nobody"], message: /--only nobody: known services are monolith, users, threads, posts/ },
  ];
  const check = async ({ args, message }: (typeof mistakes)[number]) => {
    const started = await npmStart(args);
    assert.equal(await started.ended, 2);
    assert.match(started.text(), message);
    assert.match(started.text(), /Usage: npm start/);
    assert.doesNotMatch(started.text(), /^ +at /m, "a user's mistake has no stack");
  };
  await Promise.all(mistakes.map(check));
});

test("Ctrl-C while the database is being made: ends in time, and the next start works", async () => {
  const started = await start();
  await started.printed(/making a new cluster/);
  await interrupt(started);
});

test("Ctrl-C in use; the second start has the data of the first, and --fresh forgets it", async () => {
  const first = await start();
  await first.ready();
  const { id } = await newMember(first.url);
  await interrupt(first);

  const second = await start();
  await second.ready();
  assert.equal((await get(`${second.url}/api/users/${id}`)).status, 200);
  await interrupt(second);

  const fresh = await start("--fresh");
  await fresh.ready();
  assert.equal((await get(`${fresh.url}/api/users/${id}`)).status, 404);
  await interrupt(fresh);
});

test("a taken port: exit code 2, the port and the next command are named, nothing is left", async () => {
  await using server = await listen(createServer());
  const { port } = server;
  const started = await npmStart(["--data", data, "--only", "monolith"], port);
  await started.printed(/ready/);
  const processes = await started.processes();
  assert.equal(await started.ended, 2);
  assert.match(started.text(), new RegExp(`Port ${port} is taken.*npm start -- --port ${port + 1}`));
  await allGone(processes);
});

test("killed without a chance to clean up: nothing is left, and the next start works", async () => {
  const killed = await start();
  await killed.ready();
  const processes = await killed.processes();
  assert.ok(processes.some(({ command }) => command.includes("postgres")));
  assert.ok(processes.some(({ command }) => command.includes("monolith/src/main.ts")));
  killed.kill();
  assert.equal(await killed.ended, "SIGKILL");
  await allGone(processes);

  const next = await start();
  await next.ready();
  await interrupt(next);
});

test("a service or the database dies: exit code 1, a message that names it, nothing is left", async () => {
  for (const [part, message] of [
    ["monolith/src/main.ts", /monolith has ended unexpectedly \(SIGKILL\)/],
    ["bin/postgres", /PostgreSQL has ended unexpectedly/],
  ] as const) {
    const started = await start();
    await started.ready();
    const processes = await started.processes();
    process.kill(processes.find(({ command }) => command.includes(part))!.pid, "SIGKILL");
    assert.equal(await started.ended, 1, started.text());
    assert.match(started.text(), message);
    await allGone(processes);
  }
});

test("a second start on the data of a running one: says which process has it", async () => {
  const first = await start();
  await first.ready();
  const second = await start();
  assert.equal(await second.ended, 1);
  assert.match(second.text(), /A PostgreSQL server \(process \d+\) already uses .*\n.*End the `npm start`/);
  assert.equal((await get(`${first.url}/api/users`)).status, 200, "the first one was disturbed");
  await interrupt(first);
});

test("--fresh leaves a forum alone that is running", async () => {
  const running = await start();
  await running.ready();
  const second = await start("--fresh", "--port", "9");
  assert.equal(await second.ended, 2);
  assert.match(second.text(), /is in use: end the other `npm start` first/);
  assert.equal((await get(`${running.url}/api/threads`)).status, 200);
  await interrupt(running);
});
