import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import type { Ask, Send } from "../../infra/deploy/ask.ts";
import { isReading, reader } from "../../infra/deploy/ask.ts";
import { blueprint, nameOf } from "../../infra/deploy/desired/blueprint.ts";
import { desired } from "../../infra/deploy/desired/desired.ts";
import { goBack, type ServiceSpec } from "../../infra/deploy/kinds/service.ts";
import { readLines } from "../../infra/deploy/logs/read.ts";
import { ownById, readAll } from "../../infra/deploy/plan/existing.ts";
import { removals } from "../../infra/deploy/plan/removal.ts";
import type { Environment } from "../../infra/deploy/environment.ts";
import { callsInSource } from "../../infra/deploy/policy/calls.ts";
import { documentsOf } from "../../infra/deploy/policy/documents.ts";
import { whereOf } from "../../infra/deploy/policy/grant.ts";
import { FREE } from "../../infra/deploy/policy/reading.ts";
import { statementsFor, type Statement } from "../../infra/deploy/policy/statements.ts";
import type { Resource } from "../../infra/deploy/resource.ts";
import { previousOf } from "../../infra/deploy/rollout/previous.ts";
import { run } from "../../infra/deploy/run/run.ts";
import { scopeOf } from "../../infra/deploy/scope.ts";
import { existingOf, planOnline } from "../../infra/deploy/session.ts";
import { readStatus } from "../../infra/deploy/status/read.ts";
import { leftOf } from "../../infra/deploy/sweep.ts";
import { forum } from "../../infra/forum.ts";
import { isAllowed, requestsOf, type RecordedCall } from "./policy-evaluation.ts";
import { deployable, session, startMoto } from "./moto.ts";

/** The account that moto is. */
const ACCOUNT = "123456789012";
const USER = "operator";
const environment = deployable();
/** As much as it takes to need every statement, in half the time. */
const small = deployable({ stage: "monolith" });
const statements = statementsFor(await callsInSource(), whereOf(blueprint(forum, environment), ACCOUNT));
const moto = await startMoto();
after(() => moto.stop());
beforeEach(async () => {
  await actAsRoot();
  await moto.reset();
});

/** moto asks nobody for permissions until then: a number of calls. */
const checkAfter = (calls: string) =>
  fetch(`${process.env["AWS_ENDPOINT_URL"]}/moto-api/reset-auth`, { method: "POST", body: calls });

async function actAsRoot(): Promise<void> {
  await checkAfter("inf");
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" });
}

/** From here on a user with these statements makes the calls, and moto refuses what they do not allow. */
async function actAsOperator(allowed: Statement[]): Promise<void> {
  const { send } = session();
  await send("iam", "CreateUser", { UserName: USER });
  for (const [index, document] of documentsOf(allowed).entries()) {
    const created = await send("iam", "CreatePolicy", {
      PolicyName: `operator-${index}`,
      PolicyDocument: JSON.stringify(document),
    });
    const { Policy } = created as { Policy: { Arn: string } };
    await send("iam", "AttachUserPolicy", { UserName: USER, PolicyArn: Policy.Arn });
  }
  const { AccessKey } = (await send("iam", "CreateAccessKey", { UserName: USER })) as {
    AccessKey: { AccessKeyId: string; SecretAccessKey: string };
  };
  const { AccessKeyId, SecretAccessKey } = AccessKey;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey });
  await checkAfter("0");
}

/** moto looks at the action only, and knows some services by the name with which requests are signed. */
const asMotoReads = ({ Sid, Effect, Action }: Statement): Statement => ({
  Sid,
  Effect,
  Action: Action.map((action) => action.replace(/^cloudwatch:/, "monitoring:").replace(/^tag:/, "tagging:")),
  Resource: ["*"],
});

/** Whether moto has refused a call. To services that speak JSON it says so in XML, over which the SDK stumbles. */
const isDenial = ({ $response, $metadata }: Failure): boolean =>
  ($response?.statusCode ?? $metadata?.httpStatusCode) === 403;
interface Failure {
  $response?: { statusCode: number };
  $metadata?: { httpStatusCode: number };
}

/** Everything that the verbs do: plan, deploy, again, a new image, rollback, status, logs, destroy, sweep. Ends at the first denial. */
async function lifeCycle(
  environment: Environment,
  record: (call: RecordedCall) => void = () => {},
): Promise<string | undefined> {
  const stop = new AbortController();
  let denied: string | undefined;
  const { send } = session((send): Send => async (service, operation, input) => {
    if (denied) throw new Error("one denial is enough");
    if (operation === "SimulatePrincipalPolicy") throw new Error("moto has no simulator");
    try {
      const output = await send(service, operation, input);
      record({ service, operation, input: input as Record<string, unknown>, output });
      return output;
    } catch (error) {
      if (isDenial(error as Failure)) {
        denied ??= `${service}:${operation}`;
        stop.abort();
      }
      throw error;
    }
  });
  const progress = { started: () => {}, waiting: () => {}, done: () => {}, failed: () => {} };
  const apply = async ({ changes, known }: Pick<Awaited<ReturnType<typeof planOnline>>, "changes" | "known">) => {
    const { failed, skipped } = await run(changes, { send, known, progress, pace: 10, signal: stop.signal });
    if (failed[0]) throw failed[0].error;
    assert.deepEqual(skipped, []);
  };
  try {
    await apply(await planOnline({ send }, environment));
    assert.deepEqual((await planOnline({ send }, environment)).changes, []);
    const images = { ...environment.images, monolith: `sha256:${"b".repeat(64)}` };
    await apply(await planOnline({ send }, { ...environment, images }));
    await apply(await goingBack(reader(send)));
    assert.ok((await readStatus(reader(send), environment)).services.length > 0);
    await readLines(reader(send), "forum-dev-monolith", 0);
    await apply({ changes: removals(await existingOf(reader(send), environment)), known: new Map() });
    assert.deepEqual(await leftOf(send, environment), []);
  } catch (error) {
    if (!denied) throw error;
  }
  return denied;
}

/** What rollback does to the monolith. */
async function goingBack(ask: Ask) {
  const plan = blueprint(forum, environment);
  const resource = desired(forum, environment).find(({ id }) => id === "service/monolith") as Resource<ServiceSpec>;
  const existing = ownById(await readAll(ask, scopeOf(plan)));
  const from = existing.get("service/monolith")!.spec["taskDefinition"] as string;
  const place = { cluster: nameOf(plan), service: nameOf(plan, "monolith") };
  const previous = await previousOf(ask, scopeOf(plan), place, from);
  const known = new Map([...existing].map(([id, { attributes }]) => [id, attributes]));
  return { changes: [goBack(resource, { from, to: previous!.arn })], known };
}

test("is what IAM takes", () => actAsOperator(statements));

test("is enough for the whole life cycle", async () => {
  await actAsOperator(statements.map(asMotoReads));
  assert.equal(await lifeCycle(environment), undefined);
});

/** Statements with no action that moto checks: it makes no calls in the name of others, and no image is pushed here. */
const NOT_CHECKED = [
  ...["NetworkTagWhileMaking", "BalancerTagWhileMaking", "ScalingTagWhileMaking", "AlarmsOfScaling"],
  ...["ImagesPush", "DatabaseAdministrator", "NamesInRoute53", "RolesPassToTasks", "SimulateOwnPermissions"],
];

test("what moto does not check is exactly what is not tested here", async () => {
  await actAsOperator(statements.filter(({ Sid }) => !NOT_CHECKED.includes(Sid)).map(asMotoReads));
  assert.equal(await lifeCycle(small), undefined);
});

for (const { Sid, Action } of statements.filter(({ Sid }) => !NOT_CHECKED.includes(Sid))) {
  test(`is not enough without ${Sid}`, async () => {
    await actAsOperator(statements.filter((one) => one.Sid !== Sid).map(asMotoReads));
    const denied = await lifeCycle(small);
    assert.ok(denied && Action.includes(denied), `denied was ${denied}`);
  });
}

/** What no call here asks for, since AWS does it in the name of the caller, or docker does. */
const NOT_SEEN = [
  ...["ImagesPush", "AlarmsOfScaling", "DatabaseAdministrator", "NamesInRoute53", "SimulateOwnPermissions"],
];

/** What AWS does not let be bound to an environment: task definitions to deregister and scalable targets have no names there. */
const WITHIN_REACH = [
  ...["application-autoscaling:DeleteScalingPolicy", "application-autoscaling:DeregisterScalableTarget"],
  ...["application-autoscaling:PutScalingPolicy", "ecs:DeregisterTaskDefinition", "iam:CreateServiceLinkedRole"],
];

test("resources, tags and conditions fit every call, each statement is needed, and others' resources are out of reach", async () => {
  const calls: RecordedCall[] = [];
  await lifeCycle(environment, (call) => calls.push(call));
  const requests = requestsOf(calls, ACCOUNT, environment.region).filter(({ action }) => !FREE.includes(action));
  const deniedBy = (allowed: Statement[]) => requests.filter((request) => !isAllowed(allowed, request));
  assert.deepEqual(deniedBy(statements), []);
  const needless = statements.filter(({ Sid }) => deniedBy(statements.filter((one) => one.Sid !== Sid)).length === 0);
  assert.deepEqual(
    needless.map(({ Sid }) => Sid),
    NOT_SEEN,
  );

  const other = deployable({ name: "prod" });
  const ofOther = statementsFor(await callsInSource(), whereOf(blueprint(forum, other), ACCOUNT));
  const refused = new Set(requests.filter((request) => !isAllowed(ofOther, request)).map(({ call }) => call));
  const possible = calls.filter((call) => !isReading(call.operation) && !refused.has(call));
  assert.deepEqual(
    [...new Set(possible.map(({ service, operation }) => `${service}:${operation}`))].toSorted(),
    WITHIN_REACH,
  );
});
