import assert from "node:assert/strict";
import { test } from "node:test";
import type { Send } from "../../infra/deploy/ask.ts";
import type { Change } from "../../infra/deploy/plan/change.ts";
import { ref, type ResourceId } from "../../infra/deploy/reference.ts";
import { pause, secondsWorthTrying } from "../../infra/deploy/run/retry.ts";
import { run } from "../../infra/deploy/run/run.ts";
import { call, wait, type Step } from "../../infra/deploy/step.ts";
import { silent } from "./support.ts";

const change = (id: ResourceId, steps: Step[], after: ResourceId[] = []): Change => {
  const [kind = "", name = ""] = id.split("/");
  return { action: "create", id, kind, name, differences: [], after, steps };
};
const makeVpc = call("ec2", "CreateVpc", { CidrBlock: "10.0.0.0/16" }, { gives: () => ({ VpcId: "vpc-1" }) });
const makeSubnet = call("ec2", "CreateSubnet", { VpcId: ref("vpc/main", "VpcId") });
const named = (name: string, message = "") => Object.assign(new Error(message), { name });
const start = (changes: Change[], send: Send) => run(changes, { send, known: new Map(), progress: silent, pace: 1 });

test("what a call gives is put into the calls that need it, whatever the order of the list", async () => {
  const sent: unknown[] = [];
  const send: Send = async (_, operation, input) => sent.push([operation, input]);
  const { done } = await start([change("subnet/a", [makeSubnet], ["vpc/main"]), change("vpc/main", [makeVpc])], send);
  assert.deepEqual(sent, [
    ["CreateVpc", { CidrBlock: "10.0.0.0/16" }],
    ["CreateSubnet", { VpcId: "vpc-1" }],
  ]);
  assert.deepEqual(
    done.map(({ id }) => id),
    ["vpc/main", "subnet/a"],
  );
});

test("what needs a failed one is not begun; the rest is finished", async () => {
  const send: Send = async (_, operation) => {
    if (operation === "CreateVpc") throw named("VpcLimitExceeded", "too many");
  };
  const cluster = change("cluster/main", [call("ecs", "CreateCluster", {})]);
  const { done, failed, skipped } = await start(
    [change("vpc/main", [makeVpc]), change("subnet/a", [makeSubnet], ["vpc/main"]), cluster],
    send,
  );
  assert.deepEqual(
    done.map(({ id }) => id),
    ["cluster/main"],
  );
  assert.deepEqual(
    failed.map(({ error }) => error.message),
    ["ec2:CreateVpc: too many"],
  );
  assert.deepEqual(
    skipped.map(({ id }) => id),
    ["subnet/a"],
  );
});

test("no more is under way at a time than is said, and without a bound all that can be", async () => {
  const clusters = ["a", "b", "c", "d"].map((name) => change(`cluster/${name}`, [call("ecs", "CreateCluster", {})]));
  const mostAtOnce = async (atOnce?: number): Promise<number> => {
    let now = 0;
    let most = 0;
    const send: Send = async () => {
      most = Math.max(most, (now += 1));
      await new Promise(setImmediate);
      now -= 1;
    };
    const { done } = await run(clusters, { send, known: new Map(), progress: silent, ...(atOnce && { atOnce }) });
    assert.equal(done.length, clusters.length);
    return most;
  };
  assert.equal(await mostAtOnce(1), 1);
  assert.equal(await mostAtOnce(2), 2);
  assert.equal(await mostAtOnce(), clusters.length);
});

test("errors that pass are tried again, tolerated ones mean done, others end it", async () => {
  let tries = 0;
  const busy: Send = async () => {
    tries += 1;
    if (tries < 3)
      throw named("InvalidParameterException", "The target group does not have an associated load balancer.");
  };
  const service = change("service/a", [call("ecs", "CreateService", { serviceName: "a" })]);
  assert.equal((await start([service], busy)).done.length, 1);
  assert.equal(tries, 3);

  const exists: Send = async () => Promise.reject(named("EntityAlreadyExistsException"));
  const role = call(
    "iam",
    "CreateServiceLinkedRole",
    { AWSServiceName: "x" },
    { tolerates: ["EntityAlreadyExistsException"] },
  );
  assert.equal((await start([change("cluster/a", [role])], exists)).failed.length, 0);
});

test("a wait ends when it holds, when it can hold no more, and when its time is up", async () => {
  const until = (holds: () => boolean, seconds = 1) =>
    change("vpc/a", [wait("ec2", "DescribeVpcs", {}, { until: "it is there", holds, seconds })]);
  let looks = 0;
  assert.equal((await start([until(() => (looks += 1) > 2)], async () => ({}))).done.length, 1);
  const never = await start([until(() => false, 0)], async () => ({}));
  assert.match(never.failed[0]!.error.message, /gave up waiting until it is there/);
  const broken = () => {
    throw new Error("it has failed");
  };
  assert.match(
    (await start([until(broken)], async () => ({}))).failed[0]!.error.message,
    /it has failed \(waiting until/,
  );
});

test("only the exact errors are worth trying again", () => {
  const inUse = named("ResourceInUse", "Target group is currently in use by a listener or a rule");
  assert.equal(secondsWorthTrying("elasticloadbalancing", "DeleteTargetGroup", inUse), 120);
  assert.equal(secondsWorthTrying("elasticloadbalancing", "CreateTargetGroup", inUse), 0);
  assert.equal(secondsWorthTrying("ecs", "CreateService", named("AccessDeniedException", "no")), 0);
});

test("pauses grow, are bounded, and differ", () => {
  assert.equal(
    pause(0, 4000, () => 0.5),
    4000,
  );
  assert.equal(
    pause(50, 4000, () => 0.5),
    32_000,
  );
  assert.ok(pause(1, 4000, () => 0) < pause(1, 4000, () => 1));
});

test("secrets are made up when the call is made, each anew", async () => {
  const values: string[] = [];
  const send: Send = async (_, __, input) => values.push((input as { SecretString: string }).SecretString);
  const secret = (name: string) =>
    change(`secret/${name}`, [
      call("secretsmanager", "CreateSecret", { Name: name, SecretString: `a:${ref("generated/password", "Value")}@` }),
    ]);
  await start([secret("one"), secret("two")], send);
  assert.match(values[0]!, /^a:[\w-]{32}@$/);
  assert.notEqual(values[0], values[1]);
});
