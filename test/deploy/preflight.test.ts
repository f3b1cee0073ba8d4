import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { desiredWithoutProblems, problems } from "../../infra/deploy/preflight/preflight.ts";
import { memoriesFor } from "../../infra/deploy/preflight/fargate.ts";
import { resourceMistakes } from "../../infra/deploy/preflight/resources.ts";
import { forum, type Application } from "../../infra/forum.ts";
import { environment, specOf, wanted } from "./support.ts";

const CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/1";

const problemsOf = (changed: object, application: Partial<Application> = {}) =>
  problems({ ...forum, ...application }, environment(changed));

test("the forum as it is has no problem", () => assert.deepEqual(problemsOf({}), []));

const refusedSettings: [what: string, setting: object, problem: RegExp][] = [
  ["a size that Fargate does not know", { tasks: { cpu: 300 } }, /cpu 300 is no size of Fargate/],
  ["memory that does not go with the CPU", { services: { users: { memory: 4096 } } }, /tasks of users: memory 4096/],
  ["more tasks at least than at most", { tasks: { minimum: 7 } }, /minimum 7 is more than maximum 6/],
  ["a name that makes others too long", { name: "a-rather-long-environment" }, /target-group\/monolith: .* at most 32/],
  ["a name with odd characters", { name: "My_env" }, /load-balancer\/main: the name "forum-My_env" has characters/],
  ["subnets in one zone", { zones: ["us-east-1a", "us-east-1a"] }, /two different zones/],
  ["a zone of another region", { zones: ["us-east-1a", "eu-west-1a"] }, /"eu-west-1a" is not in us-east-1/],
  ["a public block", { cidr: "8.8.0.0/16" }, /no private block/],
  [
    "a certificate of another region",
    { certificate: "arn:aws:acm:eu-west-1:1:certificate/1" },
    /only those of its region/,
  ],
  ["logs kept for a number of days that is not offered", { logRetentionDays: 31 }, /logRetentionDays must be one of/],
  ["a tag instead of a digest", { images: { users: "latest" } }, /images.users "latest" is no digest/],
  ["an alarm topic elsewhere", { alarmTopics: ["arn:aws:sns:eu-west-1:111122223333:a"] }, /is no ARN of an SNS topic/],
  ["settings of a service that is not there", { services: { likes: {} } }, /names "likes"/],
  ["a database smaller than nothing", { database: { minimum: 3, maximum: 2 } }, /minimum 3 is more than/],
  ["a version that cannot pause", { database: { engineVersion: "16.2" } }, /needs PostgreSQL 16.3/],
  ["one given subnet", { network: { vpc: "vpc-1", publicSubnets: ["subnet-1"], databaseSubnets: [] } }, /two subnets/],
];

describe("settings that AWS would refuse", () => {
  for (const [what, setting, problem] of refusedSettings) {
    test(what, () => assert.match(problemsOf(setting).join("\n"), problem));
  }
});

const users = forum.services[1]!;
const withUsers = (changed: object): Partial<Application> => ({
  services: forum.services.map((service) => (service === users ? { ...users, ...changed } : service)),
});
const refusedTables: [what: string, table: Partial<Application>, problem: RegExp][] = [
  ["a priority given twice", withUsers({ priority: 200 }), /priority 200 is given to several rules/],
  ["a priority out of range", withUsers({ priority: 50_001 }), /integer from 1 to 50000/],
  ["too many values", withUsers({ paths: ["/1", "/2", "/3", "/4", "/5", "/6"] }), /6 values/],
  ["too many wildcards", withUsers({ paths: ["/*/*/*/*/*/*"] }), /6 wildcards/],
  [
    "a health check that takes longer than its interval",
    { healthCheck: { ...forum.healthCheck, timeout: 5 } },
    /shorter than its interval/,
  ],
  ["a service that nobody reaches", withUsers({ paths: [] }), /hang on no rule/],
  ["calls to nobody", withUsers({ calls: ["likes"] }), /calls "likes"/],
  ["two services of one name", withUsers({ name: "posts" }), /two services are called "posts"/],
  ["no default service", { defaultService: "none" }, /"none" is no service/],
  ["a stop that takes too long", { stopTimeout: 121 }, /2 to 120 seconds/],
];

describe("tables that AWS would refuse", () => {
  for (const [what, table, problem] of refusedTables) {
    test(what, () => assert.match(problemsOf({}, table).join("\n"), problem));
  }
});

describe("resources that AWS would refuse, though moto takes them", () => {
  /** What is wrong once one resource is changed, or taken away. */
  const mistakes = (id: string, changed?: object) =>
    resourceMistakes(
      wanted({ certificate: CERTIFICATE }).flatMap((one) => {
        if (one.id !== id) return [one];
        return changed ? [{ ...one, spec: { ...(one.spec as object), ...changed } }] : [];
      }),
    );
  const refused: [what: string, id: string, changed: object | undefined, problem: RegExp][] = [
    ["bridge mode", "task-definition/users", { networkMode: "bridge" }, /only the network mode awsvpc, not bridge/],
    [
      "tasks that are not for Fargate",
      "task-definition/users",
      { requiresCompatibilities: [] },
      /not made for Fargate/,
    ],
    ["a missing execution role", "task-definition/tasks", { executionRoleArn: undefined }, /without an execution role/],
    ["a size that Fargate does not know", "task-definition/users", { memory: "600" }, /memory 600 does not go/],
    ["a load balancer in one subnet", "load-balancer/main", { Subnets: ["subnet-1"] }, /needs two subnets/],
    ["the same subnet twice", "load-balancer/main", { Subnets: ["subnet-1", "subnet-1"] }, /needs two subnets/],
    ["a database in one subnet", "db-subnet-group/main", { SubnetIds: ["subnet-1"] }, /needs two subnets/],
    ["HTTPS without a certificate", "listener/https", { Certificates: [] }, /HTTPS needs a certificate/],
    ["targets that are machines", "target-group/users", { TargetType: "instance" }, /type ip, not instance/],
    ["a check slower than its interval", "target-group/users", { HealthCheckTimeoutSeconds: 5 }, /takes longer/],
    ["a target group that no rule refers to", "listener-rule/posts", undefined, /^target-group\/posts: no listener/],
    ["two rules of one priority", "listener-rule/posts", { Priority: 100 }, /priority 100 is also that of/],
  ];
  test("as they are they have no problem", () => assert.deepEqual(mistakes("none"), []));
  for (const [what, id, changed, problem] of refused) {
    test(what, () => assert.match(mistakes(id, changed).join("\n"), problem));
  }

  test("a container whose health check takes longer than its interval", () => {
    const [container] = specOf(wanted(), "task-definition", "users").containerDefinitions;
    const slow = { ...container, healthCheck: { ...container!.healthCheck, timeout: 9 } };
    assert.match(
      mistakes("task-definition/users", { containerDefinitions: [slow] })[0]!,
      /container users takes longer/,
    );
  });
});

test("all problems are told at once", () => {
  const bad = environment({ tasks: { cpu: 1 }, cidr: "x", logRetentionDays: 2 });
  assert.throws(
    () => desiredWithoutProblems(forum, bad),
    (error: Error) => ["cpu 1", 'cidr "x"', "logRetentionDays"].every((part) => error.message.includes(part)),
  );
});

test("Fargate's sizes", () => {
  assert.deepEqual(memoriesFor(256), [512, 1024, 2048]);
  assert.deepEqual(memoriesFor(512), [1024, 2048, 3072, 4096]);
  assert.equal(memoriesFor(4096).length, 23);
  assert.deepEqual(memoriesFor(16_384).slice(0, 2), [32_768, 40_960]);
  assert.deepEqual(memoriesFor(100), []);
});
