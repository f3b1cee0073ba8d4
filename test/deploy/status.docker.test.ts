import assert from "node:assert/strict";
import { after, test } from "node:test";
import { reader } from "../../infra/deploy/ask.ts";
import { readStatus, type ServiceStatus, type Status } from "../../infra/deploy/status/read.ts";
import { eventually } from "../support/eventually.ts";
import { infra, ownName, removeEnvironment, writeEnvironment } from "./command.ts";
import { deploy, deployable, session, startMoto } from "./moto.ts";

const moto = await startMoto();
after(async () => {
  await removeEnvironment(ownName);
  await moto.stop();
});

const environment = deployable({ name: ownName });
const bad = `sha256:${"b".repeat(64)}`;

const usersOf = ({ services }: Status): ServiceStatus => services.find(({ name }) => name === "users")!;
const usersNow = async () => usersOf(await readStatus(reader(session().send), environment));
const withHealth = ({ targets }: ServiceStatus, health: string) => targets.filter((one) => one.health === health);
const addressesOf = ({ targets }: ServiceStatus) => targets.map(({ address }) => address).toSorted();

test("status shows roll-outs, targets with reasons, Cloud Map instances and events as they are", async () => {
  await deploy(session(), environment);
  const before = await usersNow();
  assert.deepEqual(
    before.rollouts.map(({ state, running, desired }) => ({ state, running, desired })),
    [{ state: "COMPLETED", running: 2, desired: 2 }],
  );
  assert.equal(withHealth(before, "healthy").length, 2);
  assert.deepEqual(before.instances.toSorted(), addressesOf(before));

  await moto.fate({ kind: "ailing", task: bad, of: "service" });
  await writeEnvironment({ ...environment, images: { ...environment.images, users: bad } });
  const rolling = infra("deploy", "--env", ownName, "--poll", "0.1");
  await eventually(async () => assert.equal(withHealth(await usersNow(), "unhealthy").length, 2), 30_000);
  rolling.kill("SIGKILL");

  const users = usersOf(JSON.parse((await infra("status", "--env", ownName, "--json")).stdout) as Status);
  assert.deepEqual(
    users.rollouts.map(({ taskDefinition, state }) => `${taskDefinition} ${state}`),
    [`forum-${ownName}-users:2 IN_PROGRESS`, `forum-${ownName}-users:1 COMPLETED`],
  );
  assert.equal(users.running, 4);
  assert.deepEqual(users.instances.toSorted(), addressesOf(users));
  assert.equal(withHealth(users, "healthy").length, 2);
  const reason = "Health checks failed with these codes: [503]";
  assert.deepEqual(
    withHealth(users, "unhealthy").map((one) => one.reason),
    [reason, reason],
  );
  assert.match(users.events[0]!, /^\d{4}-\S+Z has started 2 tasks: \(task \w+\)/);

  const { stdout } = await infra("status", "--env", ownName);
  assert.match(stdout, /^users +4 of 2 +2 of 4 +\S+-users:2 +in progress, 2 of 2 running$/m);
  assert.match(stdout, /^threads +2 of 2 +2 of 2 +\S+-threads:1 +complete$/m);
  assert.match(stdout, /^ {2}roll-out {2}\S+-users:2 in progress, 2 of 2 running: ECS deployment/m);
  assert.match(stdout, /^ {2}10\.42\.\d+\.\d+ unhealthy: Health checks failed with these codes: \[503\]$/m);
  assert.match(stdout, new RegExp(`^ {2}Cloud Map ${users.instances.join(", ").replaceAll(".", "\\.")}$`, "m"));
});
