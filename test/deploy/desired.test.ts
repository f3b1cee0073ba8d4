import assert from "node:assert/strict";
import { test } from "node:test";
import { listenerRules } from "../../infra/balancer/rules.ts";
import { forum } from "../../infra/forum.ts";
import { serviceEnvironment } from "../../infra/local/environment.ts";
import { namesOf, specOf, wanted } from "./support.ts";

const all = wanted();

test("the same arguments give the same resources", () => assert.deepEqual(wanted(), all));

test("the monolith stage has the monolith alone, and no rule", () => {
  const monolith = wanted({ stage: "monolith" });
  assert.deepEqual(namesOf(monolith, "service"), ["monolith"]);
  assert.deepEqual(namesOf(monolith, "listener-rule"), []);
  assert.deepEqual(namesOf(all, "service"), ["monolith", "users", "threads", "posts"]);
});

test("the rules have the priorities and paths of the table, and all requests go to the first owner", () => {
  const owned = wanted({ firstOwner: "service" });
  for (const { priority, conditions, action } of listenerRules(forum).rules) {
    const { targetGroup } = action.targetGroups[0]!;
    const rule = specOf(all, "listener-rule", targetGroup);
    assert.equal(rule.Priority, priority);
    assert.deepEqual(
      rule.Conditions.map(({ PathPatternConfig }) => PathPatternConfig?.Values),
      conditions.map(({ values }) => values),
    );
    assert.deepEqual(rule.Actions[0]?.ForwardConfig?.TargetGroups, [
      { TargetGroupArn: `\${target-group/${targetGroup}.TargetGroupArn}`, Weight: 0 },
      { TargetGroupArn: "${target-group/monolith.TargetGroupArn}", Weight: 100 },
    ]);
    const [service, monolith] =
      specOf(owned, "listener-rule", targetGroup).Actions[0]?.ForwardConfig?.TargetGroups ?? [];
    assert.deepEqual([service?.Weight, monolith?.Weight], [100, 0]);
  }
});

test("a container knows the variables that it knows on a developer's machine", () => {
  const secrets = { peerSecret: "", tokenKeys: "", moderatorPassword: "" };
  for (const service of forum.services) {
    const local = serviceEnvironment(service, {
      secrets,
      databaseUrl: () => "",
      serviceUrl: ({ name }) => `http://${name}.forum.local:3000`,
      trustedProxies: 1,
    });
    const [container] = specOf(all, "task-definition", service.name).containerDefinitions;
    const open = Object.fromEntries(container!.environment!.map(({ name, value }) => [name, value]));
    const secret = container!.secrets!.map(({ name }) => name!);
    const extra = new Set(["MIGRATE_ON_START", "PORT", "METRICS_PORT", "FIRST_OWNER"]);
    const names = [...Object.keys(open), ...secret].filter((name) => !extra.has(name));
    assert.deepEqual(names.toSorted(), Object.keys(local).toSorted());
    for (const [name, value] of Object.entries(local)) if (value !== "") assert.equal(open[name], value, name);
  }
});

test("containers cannot write, have no rights, and are named by digest", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const [container] = specOf(wanted({ images: { users: digest } }), "task-definition", "users").containerDefinitions;
  assert.equal(container!.readonlyRootFilesystem, true);
  assert.equal(container!.user, "65532:65532");
  assert.deepEqual(container!.linuxParameters?.capabilities?.drop, ["ALL"]);
  assert.equal(container!.image, `\${repository/users.repositoryUri}@${digest}`);
});

test("an image whose digest is given is not built", () => {
  const given = wanted({ images: { users: `sha256:${"a".repeat(64)}` } });
  assert.deepEqual(
    namesOf(given, "image"),
    ["tasks", "monolith", "threads", "posts"].map((name) => `forum-dev-${name}-CONTENT`),
  );
});

test("a role may do no more than its service needs", () => {
  const { statements } = specOf(all, "role", "threads-execution");
  const secrets = statements.find(({ Action }) => Action.includes("secretsmanager:GetSecretValue"));
  assert.deepEqual(secrets?.Resource, ["${secret/threads-database-url.ARN}", "${secret/peer-secret.ARN}"]);
  assert.deepEqual(specOf(all, "role", "threads").statements, []);
  const everything = statements.filter(({ Resource }) => Resource === "*").flatMap(({ Action }) => Action);
  assert.deepEqual(everything, ["ecr:GetAuthorizationToken"]);
});

test("only the balancer is open to the internet, and it reaches only tasks", () => {
  const rules = namesOf(all, "security-group-rule").map((name) => specOf(all, "security-group-rule", name));
  const open = rules.filter(({ direction, peer }) => direction === "ingress" && "CidrIp" in peer);
  assert.deepEqual(
    open.map(({ GroupId, port }) => [GroupId, port]),
    [["${security-group/balancer.GroupId}", 80]],
  );
  const out = rules.filter(({ GroupId, direction }) => direction === "egress" && GroupId.includes("/balancer."));
  assert.deepEqual(
    out.map(({ peer }) => peer),
    [{ GroupId: "${security-group/task.GroupId}" }],
  );
});

test("with a certificate HTTP only redirects, and the rules are on HTTPS", () => {
  const secure = wanted({ certificate: "arn:aws:acm:us-east-1:111122223333:certificate/1" });
  assert.equal(specOf(secure, "listener", "http").DefaultActions[0]?.Type, "redirect");
  assert.equal(specOf(secure, "listener-rule", "users").ListenerArn, "${listener/https.ListenerArn}");
});

test("a private network has endpoints, and tasks without addresses; a given one makes nothing", () => {
  const privately = wanted({ network: "private" });
  assert.deepEqual(namesOf(privately, "vpc-endpoint"), ["s3", "ecr.api", "ecr.dkr", "logs", "secretsmanager"]);
  assert.equal(
    specOf(privately, "service", "users").networkConfiguration?.awsvpcConfiguration?.assignPublicIp,
    "DISABLED",
  );
  const network = { vpc: "vpc-1", publicSubnets: ["subnet-1", "subnet-2"], databaseSubnets: ["subnet-3", "subnet-4"] };
  const given = wanted({ network });
  assert.deepEqual([...namesOf(given, "vpc"), ...namesOf(given, "subnet"), ...namesOf(given, "route-table")], []);
  assert.deepEqual(specOf(given, "load-balancer", "main").Subnets, ["subnet-1", "subnet-2"]);
});

test("everything says to whom it belongs and which one it is", () => {
  for (const { id, tags } of wanted({ name: "prod" })) {
    assert.deepEqual(tags, { "forum:environment": "prod", "forum:resource": id });
  }
});
