/** Listener rules that were moved by hand find back, and requests go where they went. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { reader } from "../../infra/deploy/ask.ts";
import { ruleTable } from "../../infra/deploy/desired/balancer.ts";
import { blueprint, nameOf, ownershipTags, resourceTag } from "../../infra/deploy/desired/blueprint.ts";
import { planOnline } from "../../infra/deploy/session.ts";
import { tagList } from "../../infra/deploy/tags.ts";
import { forum } from "../../infra/forum.ts";
import { deploy, deployable, readOne, session, startMoto } from "./moto.ts";
import { readRules } from "./stored/rules.ts";

const environment = deployable();
const plan = blueprint(forum, environment);
const prioritiesWanted = ruleTable(plan).rules.map(({ priority }) => priority);

const moto = await startMoto();
before(async () => {
  // Each test ends as it began.
  await deploy(session(), environment);
});
after(() => moto.stop());

const arnOf = async (id: `${string}/${string}`, attribute: string) =>
  (await readOne(session(), environment, id)).attributes[attribute]!;
const change = (operation: string, input: object) => session().send("elasticloadbalancing", operation, input);
const setPriorities = async (priorities: Record<string, number>) => {
  const pairs = Object.entries(priorities).map(async ([name, Priority]) => ({
    RuleArn: await arnOf(`listener-rule/${name}`, "RuleArn"),
    Priority,
  }));
  await change("SetRulePriorities", { RulePriorities: await Promise.all(pairs) });
};

/** By priority, the weights of the target groups. */
async function stored(): Promise<Record<number, Record<string, number>>> {
  const { rules } = await readRules(reader(session().send), nameOf(plan));
  const short = (name: string) => name.replace(`${nameOf(plan)}-`, "");
  return Object.fromEntries(
    rules.map(({ priority, action }) => [
      priority,
      Object.fromEntries(action.targetGroups.map(({ targetGroup, weight }) => [short(targetGroup), weight])),
    ]),
  );
}

/** Deploys without a failure, after which there is nothing to do. @returns the calls that were planned */
async function converge(): Promise<string[]> {
  const { changes } = await planOnline(session(), environment);
  const { failed } = await deploy(session(), environment);
  assert.deepEqual(
    failed.map(({ change, error }) => `${change.id}: ${error.message}`),
    [],
  );
  assert.deepEqual((await planOnline(session(), environment)).changes, []);
  return changes.flatMap(({ steps }) => steps).flatMap((step) => (step.type === "call" ? [step.operation] : []));
}

test("rules that have to trade their priorities do so in one call, and keep their weights", async () => {
  const before = await stored();
  await setPriorities({ users: 200, threads: 300, posts: 100 });
  assert.notDeepEqual(await stored(), before);
  assert.deepEqual(await converge(), ["SetRulePriorities"]);
  assert.deepEqual(await stored(), before);
});

test("a rule that will be deleted makes room for the one that gets its priority", async () => {
  const before = await stored();
  await setPriorities({ users: 999 });
  const tags = { ...ownershipTags(forum.name, environment.name), [resourceTag(forum.name)]: "listener-rule/likes" };
  await change("CreateRule", {
    ListenerArn: await arnOf("listener/http", "ListenerArn"),
    Priority: 100,
    Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/api/likes"] } }],
    Actions: [{ Type: "forward", TargetGroupArn: await arnOf("target-group/users", "TargetGroupArn") }],
    Tags: tagList(tags),
  });
  assert.deepEqual(await converge(), ["SetRulePriorities", "DeleteRule"]);
  assert.deepEqual(await stored(), before);
  assert.deepEqual(Object.keys(before).map(Number), prioritiesWanted);
});

test("a rule that leads elsewhere is led back without a change of the weights that are right", async () => {
  const [users, posts] = await Promise.all(
    (["target-group/users", "target-group/posts"] as const).map((id) => arnOf(id, "TargetGroupArn")),
  );
  const TargetGroups = [
    { TargetGroupArn: users, Weight: 30 },
    { TargetGroupArn: posts, Weight: 70 },
  ];
  const RuleArn = await arnOf("listener-rule/users", "RuleArn");
  await change("ModifyRule", { RuleArn, Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }] });
  assert.deepEqual(await converge(), ["ModifyRule"]);
  assert.deepEqual((await stored())[100], { users: 30, monolith: 0 });
});
