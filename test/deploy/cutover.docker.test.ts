/** Moving modules on AWS: steps as one-off tasks on moto's ECS, weights by the rules that a deploy has made. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { CutoverEvent } from "../../infra/cutover/events.ts";
import { modulesNamed } from "../../infra/cutover/module.ts";
import { awsTargetOf } from "../../infra/cutover/targets/aws.ts";
import { planOnline } from "../../infra/deploy/session.ts";
import { UserError } from "../../infra/terminal/user-error.ts";
import { deploy, deployable, session, startMoto } from "./moto.ts";

const environment = deployable();
const [posts] = modulesNamed("posts");
const { send } = session();
const target = awsTargetOf(send, environment, 20);

const moto = await startMoto();
before(async () => {
  const { failed } = await deploy(session(), environment);
  assert.deepEqual(failed, []);
});
after(() => moto.stop());

const lines = (...all: object[]) => all.map((line) => JSON.stringify(line));

test("a new environment begins with everything at the monolith; a shift changes one rule, and no deploy undoes it", async () => {
  assert.deepEqual(await target.weights(), { users: 0, threads: 0, posts: 0 });
  await target.shift(posts!, 25);
  assert.deepEqual(await target.weights(), { users: 0, threads: 0, posts: 25 });
  const { changes } = await planOnline({ send }, environment);
  assert.deepEqual(changes, []);
});

test("a step is a one-off task where the services run: its log tells what happens and what came of it", async () => {
  const progress = { type: "progress", module: "posts", rows: 5, total: 10 } as const;
  const result = { rows: 10, ms: 1234 };
  const log = ["a warning of Node", ...lines({ event: progress }, { result })];
  await moto.fate({ kind: "exits", exitCode: 0, task: "prepare", of: "one-off", log });
  const heard: CutoverEvent[] = [];
  assert.deepEqual(await target.step("prepare", posts!, {}, (event) => heard.push(event)), result);
  assert.deepEqual(heard, [progress]);
});

test("what a task cannot do is told in its words, with its exit code", async () => {
  const log = lines({ error: "posts is not prepared", exitCode: 1 });
  await moto.fate({ kind: "exits", exitCode: 0, task: "handover", of: "one-off", log });
  await assert.rejects(
    target.step("handover", posts!, { to: "service" }, () => {}),
    {
      name: "UserError",
      message: "posts is not prepared",
      exitCode: 1,
    },
  );
});

test("a task that dies without a word is told with what ECS says of it", async () => {
  await moto.fate({ kind: "exits", exitCode: 137, task: "verify", of: "one-off" });
  const failure = await target.step("verify", posts!, {}, () => {}).catch((error: unknown) => error);
  assert.ok(failure instanceof UserError);
  assert.match(failure.message, /cutover verify posts.* ended without a result: .*exit code 137/);
});

test("without its services, a deployed monolith has nothing to shift", async () => {
  const monolith = deployable({ name: "alone", stage: "monolith" });
  await deploy(session(), monolith);
  await assert.rejects(awsTargetOf(send, monolith, 20).shift(posts!, 50), /no rule for posts.*infra -- deploy/);
});
