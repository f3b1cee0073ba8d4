import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import type { Send } from "../../infra/deploy/ask.ts";
import { isReading } from "../../infra/deploy/ask.ts";
import type { Environment } from "../../infra/deploy/environment.ts";
import { planOnline } from "../../infra/deploy/session.ts";
import { leftOf } from "../../infra/deploy/sweep.ts";
import { deploy, deployable, destroy, idsOf, readOne, session, startMoto } from "./moto.ts";
import { assertAllDone, assertSameOnce } from "./support.ts";

const moto = await startMoto();
after(() => moto.stop());
beforeEach(() => moto.reset());

const environment = deployable();

/** What would have to be done. */
const pending = async (of: Environment) =>
  (await planOnline(session(), of)).changes.map(({ action, id }) => `${action} ${id}`);

test("from nothing to deployed; a second deploy changes nothing; destroy leaves nothing", async () => {
  const aws = session();
  const before = await idsOf(aws, environment);
  const first = await deploy(aws, environment);
  assertAllDone(first);

  const again = session();
  assert.deepEqual((await deploy(again, environment)).done, []);
  assert.equal(again.calls.changing, 0);

  const gone = await destroy(session(), environment);
  assertAllDone(gone);
  assert.deepEqual(await idsOf(session(), environment), before);
  assert.deepEqual(await leftOf(aws.send, environment), []);
});

for (const network of ["own", "private"]) {
  test(`the monolith grows into services and shrinks back, in its ${network} network`, async () => {
    const monolith = deployable({ stage: "monolith", network });
    const microservices = deployable({ network });
    await deploy(session(), monolith);
    const before = await idsOf(session(), monolith);
    const grown = await deploy(session(), microservices);
    assertAllDone(grown);
    const shrunk = await deploy(session(), monolith);
    assertAllDone(shrunk);
    const left = await idsOf(session(), monolith);
    // Older revisions of the one-off tasks stay, for going back.
    assert.deepEqual([...new Set(left)], [...new Set(before)]);
  });
}

test("two environments do not touch each other", async () => {
  const other = deployable({ name: "dev-2", cidr: "10.43.0.0/16" });
  await deploy(session(), environment);
  await deploy(session(), other);
  const before = await idsOf(session(), other);
  await destroy(session(), environment);
  assert.deepEqual(await idsOf(session(), other), before);
  assert.deepEqual(await pending(other), []);
});

/** What fails on its way to AWS, or on its way back: there the call was made, and nobody knows. */
const faults: Record<string, (send: Send) => Send> = {
  "fails before it is made": (send) => once(send, async () => {}),
  "is made but its answer is lost": (send) => once(send, (...call) => send(...call)),
};

/** Lets every call that changes something fail once. */
function once(send: Send, first: (...call: Parameters<Send>) => Promise<unknown>): Send {
  return async (service, operation, input) => {
    const key = `${service}:${operation} ${JSON.stringify(input).replaceAll(/password|[\w-]{32,}/g, "")}`;
    if (isReading(operation) || failed.has(key)) return send(service, operation, input);
    failed.add(key);
    await first(service, operation, input);
    throw new Error("the connection was cut");
  };
}
const failed = new Set<string>();
/** More runs than calls in the longest row of dependencies. */
const MOST_RUNS = 60;

for (const [what, fault] of Object.entries(faults)) {
  test(`every call ${what} once: running again always finishes the job, and nothing is there twice`, async () => {
    await deploy(session(), environment);
    const expected = await idsOf(session(), environment);
    await moto.reset();
    failed.clear();

    let runs = 0;
    for (let done = false; !done && runs < MOST_RUNS; runs += 1) {
      const outcome = await deploy(session(fault), environment);
      done = outcome.failed.length === 0;
    }
    assert.ok(failed.size > 140, `${failed.size} calls have failed`);
    assert.deepEqual(await pending(environment), []);
    assertSameOnce(await idsOf(session(), environment), expected);

    // And destroy finishes as well.
    failed.clear();
    for (let left = 1, runs = 0; left > 0 && runs < MOST_RUNS; runs += 1) {
      left = (await destroy(session(fault), environment)).failed.length;
    }
    assert.deepEqual(await idsOf(session(), environment), []);
  });
}

test("a rule's path changed by hand is found and put back; its weights are left alone", async () => {
  const { send } = session();
  await deploy(session(), environment);
  const rule = await readOne(session(), environment, "listener-rule/users");
  const { RuleArn } = rule.attributes;
  const groups = ["users", "monolith"].map((name) => readOne(session(), environment, `target-group/${name}`));
  const [users, monolith] = (await Promise.all(groups)).map(({ attributes }) => attributes["TargetGroupArn"]);
  const TargetGroups = [
    { TargetGroupArn: users, Weight: 10 },
    { TargetGroupArn: monolith, Weight: 90 },
  ];
  const Actions = [{ Type: "forward", ForwardConfig: { TargetGroups } }];
  await send("elasticloadbalancing", "ModifyRule", { RuleArn, Actions });
  assert.deepEqual(await pending(environment), []);

  const Conditions = [{ Field: "path-pattern", PathPatternConfig: { Values: ["/elsewhere"] } }];
  await send("elasticloadbalancing", "ModifyRule", { RuleArn, Conditions });
  assert.deepEqual(await pending(environment), ["change listener-rule/users"]);
  await deploy(session(), environment);
  assert.deepEqual(await pending(environment), []);
  const { Rules } = (await send("elasticloadbalancing", "DescribeRules", { RuleArns: [RuleArn] })) as {
    Rules: { Actions: { ForwardConfig: { TargetGroups: { Weight: number }[] } }[] }[];
  };
  assert.deepEqual(
    Rules[0]?.Actions[0]?.ForwardConfig.TargetGroups.map(({ Weight }) => Weight),
    [10, 90],
  );
});

test("a count that Auto Scaling has set is left alone, also when a new image is rolled out", async () => {
  const { send } = session();
  await deploy(session(), environment);
  await send("ecs", "UpdateService", { cluster: "forum-dev", service: "forum-dev-users", desiredCount: 5 });
  assert.deepEqual(await pending(environment), []);

  const images = { ...environment.images, users: `sha256:${"b".repeat(64)}` };
  const { done } = await deploy(session(), { ...environment, images });
  assert.deepEqual(
    done.map(({ id }) => id),
    ["task-definition/users", "one-off-task/migrate-users", "service/users"],
  );
  const { services } = (await send("ecs", "DescribeServices", {
    cluster: "forum-dev",
    services: ["forum-dev-users"],
  })) as { services: { desiredCount: number; taskDefinition: string }[] };
  assert.equal(services[0]?.desiredCount, 5);
  assert.match(services[0].taskDefinition, /:2$/);
});

test("what has a name of ours but not our tags is not touched, and said before anything is changed", async () => {
  const { send } = session();
  await send("logs", "CreateLogGroup", { logGroupName: "forum-dev-users" });
  const aws = session();
  await assert.rejects(deploy(aws, environment), /a Log group named forum-dev-users exists without the tags/);
  assert.equal(aws.calls.changing, 0);
  await destroy(session(), environment);
  const { logGroups } = (await send("logs", "DescribeLogGroups", {})) as { logGroups: object[] };
  assert.equal(logGroups.length, 1);
});

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

test("an image that is in ECR already is not built again; a later one becomes a new revision", async () => {
  const { send } = session();
  await deploy(session(), environment);
  const { users: _, ...images } = environment.images;
  const building = { ...environment, images };
  const { changes } = await planOnline(session(), building);
  assert.match(changes[0]!.id, /^image\/forum-dev-users-[0-9a-f]{16}$/);
  const imageTag = changes[0]!.id.split("-").at(-1);

  const imageDigest = `sha256:${"c".repeat(64)}`;
  const manifest = {
    repositoryName: "forum-dev-users",
    imageTag,
    imageDigest,
    imageManifest: "{}",
    imageManifestMediaType: MANIFEST,
  };
  await send("ecr", "PutImage", manifest);
  assert.deepEqual(await pending(building), [
    "create task-definition/users",
    "create one-off-task/migrate-users",
    "change service/users",
  ]);
});
