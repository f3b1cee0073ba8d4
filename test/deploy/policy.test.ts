import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { blueprint } from "../../infra/deploy/desired/blueprint.ts";
import { callsIn, callsInSource } from "../../infra/deploy/policy/calls.ts";
import { documentsOf, MOST, sizeOf } from "../../infra/deploy/policy/documents.ts";
import { whereOf } from "../../infra/deploy/policy/grant.ts";
import { FREE } from "../../infra/deploy/policy/reading.ts";
import { grants, matches, statementsFor, type Statement } from "../../infra/deploy/policy/statements.ts";
import { compare } from "../../infra/deploy/plan/compare.ts";
import { forum } from "../../infra/forum.ts";
import { infraAlone } from "./command.ts";
import { environment, wanted } from "./support.ts";

const ACCOUNT = "111122223333";
let calls: string[];
before(async () => {
  calls = await callsInSource();
});
const statements = (changed: object = {}) =>
  statementsFor(calls, whereOf(blueprint(forum, environment(changed)), ACCOUNT));
const named = (sid: string, all: Statement[] = statements()) => all.find(({ Sid }) => Sid === sid)!;

describe("the calls", () => {
  test("are read off however they are written", () => {
    const text = `
      await ask("ec2", "DescribeVpcs", { Filters: ["No"] });
      call(
        "iam",
        "CreateRole",
        { RoleName },
      ), call("rds", "ModifyDBSubnetGroup", spec), call("ec2", "DeleteVpc", { VpcId }, { tolerates: ["Gone"] }),
      wait("ecs", direction === "ingress" ? "One" : "Other", {}), send("tag", "GetResources", {})`;
    assert.deepEqual(callsIn(text), [
      ...["ec2:DescribeVpcs", "iam:CreateRole", "rds:ModifyDBSubnetGroup", "ec2:DeleteVpc"],
      ...["ecs:One", "ecs:Other", "tag:GetResources"],
    ]);
  });

  test("include every step of every plan", () => {
    for (const changed of [{}, { network: "private" }, { stage: "monolith", certificate: "arn:x", exec: true }]) {
      const { changes } = compare(wanted(changed), new Map());
      const steps = changes.flatMap((change) => change.steps).filter((step) => step.type !== "command");
      for (const { service, operation } of steps) assert.ok(calls.includes(`${service}:${operation}`), operation);
    }
  });
});

describe("the policy", () => {
  test("allows every call that is made", () => {
    const allowed = new Set(statements().flatMap(({ Action }) => Action));
    assert.deepEqual(
      calls.filter((call) => !allowed.has(call) && !FREE.includes(call)),
      [],
    );
  });

  test("allows nothing that no call needs", () => {
    const beside = new Set(grants.flatMap(({ actions }) => actions?.([]) ?? []));
    const unknown = statements()
      .flatMap(({ Action }) => Action)
      .filter((action) => !calls.includes(action) && !beside.has(action));
    assert.deepEqual(unknown, []);
    assert.deepEqual(statementsFor([], whereOf(blueprint(forum, environment()), ACCOUNT)), []);
    assert.ok(!beside.has("secretsmanager:GetSecretValue") && !calls.includes("secretsmanager:GetSecretValue"));
  });

  test("says of a call that nobody has classified that it is missing", () => {
    const where = whereOf(blueprint(forum, environment()), ACCOUNT);
    assert.throws(() => statementsFor(["s3:PutObject", "ec2:CreateVpc"], where), /act: s3:PutObject$/);
  });

  test("lets change only what has the environment's name or tag; anything else is read or made with the tag", () => {
    for (const { Sid, Resource, Condition, Action } of statements()) {
      const own =
        Resource.every((arn) => /forum-dev|forum\/dev/.test(arn)) ||
        /forum:environment/.test(JSON.stringify(Condition));
      const reads = Action.every((action) => /:(Describe|List|Get|Simulate)/.test(action));
      const explained = ["Database", "DatabaseAdministrator", "NamesInRoute53", "NetworkTagWhileMaking"].concat(
        ...["RolesOfServices", "Scaling", "TaskDefinitionsDeregister"],
      );
      assert.ok(own || reads || explained.includes(Sid), Sid);
    }
  });

  test("passes roles to tasks only, and of no other environment", () => {
    const { Resource, Condition } = named("RolesPassToTasks", statements({ name: "prod" }));
    assert.deepEqual(Resource, [`arn:aws:iam::${ACCOUNT}:role/forum/prod/*`]);
    assert.deepEqual(Condition, { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } });
  });

  test("names a given VPC, and the region's partition", () => {
    const network = {
      vpc: "vpc-1",
      publicSubnets: ["subnet-1", "subnet-2"],
      databaseSubnets: ["subnet-3", "subnet-4"],
    };
    const given = statements({ network, region: "cn-north-1" });
    assert.deepEqual(named("NetworkUseGiven", given).Resource, [`arn:aws-cn:ec2:cn-north-1:${ACCOUNT}:vpc/vpc-1`]);
    assert.equal(named("NetworkUseGiven"), undefined);
  });

  test("is split so that IAM takes each part, and has readable names that differ", () => {
    const all = statements({ name: "a-long-name-of-an-env", region: "ap-southeast-2" });
    const documents = documentsOf(all);
    assert.deepEqual(
      documents.flatMap(({ Statement }) => Statement),
      all,
    );
    for (const document of documents) assert.ok(sizeOf(document) <= MOST);
    assert.ok(documents.length <= 10, "IAM attaches ten at most");
    assert.equal(new Set(all.map(({ Sid }) => Sid)).size, all.length);
    for (const { Sid } of all) assert.match(Sid, /^[A-Z][A-Za-z0-9]+$/);
  });
});

test("patterns mean what IAM means by them", () => {
  assert.ok(matches("arn:aws:ecs:*:task/forum-dev/*", "arn:aws:ecs:us-east-1:1:task/forum-dev/abc"));
  assert.ok(!matches("secret:forum.dev-*", "secret:forum-dev-x"));
  assert.ok(matches("a?c", "abc") && !matches("a?c", "ac"));
});

const policy = (...args: string[]) => infraAlone("policy", ...args);

test("the verb prints the documents, or one of them, and needs no credentials", async () => {
  const whole = await policy("--offline", "--json");
  assert.equal(whole.exitCode, 0, whole.stderr);
  const documents = JSON.parse(whole.stdout) as { Statement: Statement[] }[];
  assert.ok(documents.length > 1);
  assert.match(whole.stderr, /^\d policies of at most 6144 characters: part 1 has \d+, part 2 has \d+/);
  assert.equal((await policy("--offline")).stdout, whole.stdout);
  assert.deepEqual(JSON.parse((await policy("--offline", "--part", "2")).stdout), documents[1]);
  assert.ok(documents.every(({ Statement }) => Statement.every(({ Resource }) => !/\d{12}/.test(Resource.join()))));

  const beyond = await policy("--offline", "--part", "9");
  assert.equal(beyond.exitCode, 1);
  assert.match(beyond.stderr, /There is no part 9/);
  assert.match((await policy("--help")).stdout, /aws iam attach-user-policy/);
});
