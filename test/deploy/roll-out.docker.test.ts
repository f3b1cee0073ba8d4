import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import type { Service } from "@aws-sdk/client-ecs";
import type { Environment } from "../../infra/deploy/environment.ts";
import { eventually } from "../support/eventually.ts";
import { infra, ownName, removeEnvironment, writeEnvironment } from "./command.ts";
import { deploy, deployable, session, startMoto, type Fate } from "./moto.ts";

const moto = await startMoto();
after(async () => {
  await removeEnvironment(ownName);
  await moto.stop();
});
beforeEach(() => moto.reset());

const first = deployable({ name: ownName });
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const withImages = (images: object): Environment => ({ ...first, images: { ...first.images, ...images } });
const next = withImages({ users: digest("b") });
const LOG = Array.from({ length: 25 }, (_, index) => JSON.stringify({ level: 50, time: 0, msg: `line ${index}` }));
/** Polls as fast as moto's time goes. */
const FAST = ["--poll", "0.05"];

/** Runs a verb on an environment. */
async function run(environment: Environment, ...args: string[]) {
  await writeEnvironment(environment);
  return infra(...args, "--env", ownName);
}
async function serviceOf(name: string): Promise<Service> {
  const input = { cluster: `forum-${ownName}`, services: [`forum-${ownName}-${name}`] };
  const { services } = (await session().send("ecs", "DescribeServices", input)) as { services: Service[] };
  return services[0]!;
}
/** Revisions of deployments that are there, PRIMARY first. */
const revisionsOf = async (name: string) =>
  (await serviceOf(name)).deployments?.map(({ taskDefinition, rolloutState }) => [
    Number(taskDefinition?.split(":").at(-1)),
    rolloutState,
  ]);

test("an image that never gets healthy: rolled back, with the reason, and the old revision serves", async () => {
  await deploy(session(), first);
  await moto.fate({ kind: "unhealthy", task: digest("b"), log: LOG });
  const { exitCode, stdout, stderr } = await run(next, "deploy", ...FAST);
  assert.equal(exitCode, 3, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, /service\/users rolled back: deployment ecs-svc\/\d+ was rolled back; \S+-users:1 serves/);
  assert.match(stderr, /the last task has stopped: ServiceSchedulerInitiated, Task failed ELB health checks/);
  assert.match(stderr, /container users: exit code 143/);
  assert.match(stderr, /its last lines:\n {4}00:00:00.000 error line 5\n/);
  assert.match(stderr, /error line 24\n/);
  assert.match(stderr, /ECS says: .*is unhealthy in .*Health checks failed with these codes: \[503\]/);
  await eventually(async () => assert.deepEqual(await revisionsOf("users"), [[1, "COMPLETED"]]));
  assert.equal((await serviceOf("users")).runningCount, 2);
});

const mistakes: [Fate["kind"], RegExp][] = [
  ["cannot-pull", /the image cannot be pulled: CannotPullContainerError: .* not found/],
  ["exec-format", /the image is for another architecture than the task: exec .*: exec format error/],
  ["secret-missing", /a secret cannot be read: ResourceInitializationError: .*ResourceNotFoundException/],
];
for (const [kind, says] of mistakes) {
  test(`${kind} ends the wait for a service at once, and the service is not left trying`, async () => {
    await deploy(session(), first);
    // So slow that the circuit breaker is later than the deployer.
    await moto.tick(200);
    await moto.fate({ kind, task: digest("b"), of: "service" });
    const { exitCode, stderr } = await run(next, "deploy", ...FAST);
    assert.equal(exitCode, 5, stderr);
    assert.match(stderr, /service\/users misconfigured: /);
    assert.match(stderr, says);
    assert.match(stderr, /ECS was told to go back to the revision before/);
    await moto.tick(5);
    await eventually(async () => assert.deepEqual(await revisionsOf("users"), [[1, "COMPLETED"]]));
  });

  test(`${kind} of a one-off task is a misconfiguration, and the service is not touched`, async () => {
    await deploy(session(), first);
    await moto.fate({ kind, task: digest("b"), of: "one-off" });
    const { exitCode, stderr } = await run(next, "deploy", ...FAST);
    assert.equal(exitCode, 5, stderr);
    assert.match(stderr, /one-off-task\/migrate-users misconfigured: /);
    assert.match(stderr, says);
    assert.deepEqual(await revisionsOf("users"), [[1, "COMPLETED"]]);
  });
}

test("a migration that fails is told with exit code and last lines; running again tries again", async () => {
  await deploy(session(), first);
  await moto.fate({ kind: "exits", exitCode: 7, task: "migrate", log: ["column exists"] });
  const { exitCode, stdout, stderr } = await run(next, "deploy", "--json", ...FAST);
  assert.equal(exitCode, 1, stderr);
  const { ending, done, failed, skipped } = JSON.parse(stdout) as Record<string, unknown>;
  assert.deepEqual([ending, done, skipped], ["failed", ["task-definition/users"], ["service/users"]]);
  assert.equal((failed as { id: string }[])[0]?.id, "one-off-task/migrate-users");
  assert.match(stderr, /one-off-task\/migrate-users failed: .*exit code 7/);
  assert.match(stderr, /its last lines:\n {4}column exists/);
  await moto.fate({ kind: "healthy" });
  assert.equal((await run(next, "deploy", ...FAST)).exitCode, 0);
});

test("a first deployment has nothing to go back to: it has failed; running again tries again", async () => {
  await moto.fate({ kind: "exits", exitCode: 1, task: "users", of: "service", log: ["no database"] });
  const { exitCode, stderr } = await run(first, "deploy", "users", ...FAST);
  assert.equal(exitCode, 1, stderr);
  assert.match(stderr, /service\/users failed: deployment ecs-svc\/\d+ has failed: .*circuit breaker/);
  assert.match(stderr, /container users: exit code 1\n.*\n {4}no database/);
  await moto.fate({ kind: "healthy" });
  const again = await run(first, "deploy", "users", ...FAST);
  assert.equal(again.exitCode, 0, again.stderr);
  assert.deepEqual(await revisionsOf("users"), [[1, "COMPLETED"]]);
});

test("a misconfigured first deployment has nothing to go back to: ECS gives it up", async () => {
  await moto.fate({ kind: "cannot-pull", task: "users", of: "service" });
  const { exitCode, stderr } = await run(first, "deploy", "users", ...FAST);
  assert.equal(exitCode, 5, stderr);
  assert.match(stderr, /service\/users misconfigured: the image cannot be pulled/);
  await eventually(async () => assert.deepEqual(await revisionsOf("users"), [[1, "FAILED"]]));
});

test("a roll-out that takes longer than the time-out has timed out; running again waits for the same one", async () => {
  await deploy(session(), first);
  await moto.fate({ kind: "never-starts", task: digest("b"), of: "service" });
  const { exitCode, stderr } = await run(next, "deploy", "--timeout", "1", ...FAST);
  assert.equal(exitCode, 4, stderr);
  assert.match(
    stderr,
    /service\/users timed out: gave up waiting until deployment ecs-svc\/\d+ of users is complete: 1 s/,
  );
  const begun = (await serviceOf("users")).deployments?.[0]?.id;
  await run(next, "deploy", "--timeout", "1", ...FAST);
  assert.equal((await serviceOf("users")).deployments?.[0]?.id, begun);
});

test("deploy of some services touches nothing of the others, and an unknown name lists the names", async () => {
  await deploy(session(), first);
  const both = withImages({ users: digest("b"), posts: digest("c") });
  const { exitCode, stderr } = await run(both, "deploy", "posts", ...FAST);
  assert.equal(exitCode, 0, stderr);
  assert.deepEqual(await revisionsOf("posts"), [[2, "COMPLETED"]]);
  assert.deepEqual(await revisionsOf("users"), [[1, "COMPLETED"]]);
  const { stdout } = await run(both, "plan", "--json");
  const { changes } = JSON.parse(stdout) as { changes: { id: string }[] };
  assert.deepEqual(
    changes.map(({ id }) => id),
    ["task-definition/users", "one-off-task/migrate-users", "service/users"],
  );
  const unknown = await run(both, "deploy", "likes", ...FAST);
  assert.equal(unknown.exitCode, 1);
  assert.match(
    unknown.stderr,
    /no service likes at the stage microservices. There are: monolith, users, threads, posts\./,
  );
});

test("rollback goes to the last healthy revision, past one that never was, and says what comes next", async () => {
  await deploy(session(), first);
  await moto.fate({ kind: "unhealthy", task: digest("b") });
  assert.equal((await run(next, "deploy", "users", ...FAST)).exitCode, 3);
  const third = withImages({ users: digest("c") });
  assert.equal((await run(third, "deploy", "users", ...FAST)).exitCode, 0);

  const { exitCode, stdout, stderr } = await run(third, "rollback", "users", ...FAST);
  assert.equal(exitCode, 0, stderr);
  assert.match(stdout, /users: \S+-users:1 serves instead of \S+-users:3\n.*plan shows it as a change/);
  assert.deepEqual(await revisionsOf("users"), [[1, "COMPLETED"]]);

  const plan = await run(third, "plan");
  assert.equal(plan.exitCode, 2);
  assert.match(plan.stdout, /service\/users: taskDefinition is '\S+-users:1', should be '\S+-users:3'/);
  const further = await run(third, "rollback", "users", ...FAST);
  assert.equal(further.exitCode, 1);
  assert.match(further.stderr, /users runs \S+-users:1, and no earlier revision of it is known to have worked/);
});

test("a rollback to a revision that does not run any more ends like a deploy of it", async () => {
  await deploy(session(), first);
  await deploy(session(), next);
  await moto.fate({ kind: "cannot-pull", task: digest("a") });
  const { exitCode, stderr } = await run(next, "rollback", "users", ...FAST);
  assert.equal(exitCode, 5, stderr);
  assert.match(stderr, /service\/users misconfigured: the image cannot be pulled/);
  await eventually(async () => assert.deepEqual(await revisionsOf("users"), [[2, "COMPLETED"]]));
});

test("Ctrl-C without a terminal leaves the roll-out running, says so, and has an exit code of its own", async () => {
  await deploy(session(), first);
  await moto.fate({ kind: "never-starts", task: digest("b"), of: "service" });
  await writeEnvironment(next);
  const process = infra("deploy", "--env", ownName, ...FAST);
  process.stderr.on("data", (text: Buffer) => {
    if (text.includes("waits until deployment")) process.kill("SIGINT");
  });
  const { exitCode, stderr } = await process;
  assert.equal(exitCode, 130, stderr);
  assert.match(stderr, /service\/users interrupted: nobody waits for it any longer; what AWS was told goes on/);
  assert.deepEqual(await revisionsOf("users"), [
    [2, "IN_PROGRESS"],
    [1, "COMPLETED"],
  ]);
});
