import assert from "node:assert/strict";
import { test } from "node:test";
import { reader, type Send } from "../../infra/deploy/ask.ts";
import { explain } from "../../infra/deploy/explain.ts";
import { aboutOf, explanations } from "../../infra/deploy/explanations.ts";
import { readable } from "../../infra/deploy/logs/line.ts";
import { changeOf } from "../../infra/deploy/plan/change.ts";
import { wanted } from "./support.ts";

const arn = "arn:aws:ecs:us-east-1:111122223333:task/forum-dev/0123abcd";
const options = { "awslogs-group": "forum-dev-users", "awslogs-stream-prefix": "users" };
const answers: Record<string, unknown> = {
  ListTasks: { taskArns: [arn] },
  DescribeTasks: {
    tasks: [
      { taskArn: "arn:of-another-deployment", lastStatus: "STOPPED", startedBy: "ecs-svc/1", stoppedAt: new Date() },
      {
        taskArn: "arn:innocent",
        lastStatus: "STOPPED",
        startedBy: "ecs-svc/2",
        stoppedAt: new Date(),
        stoppedReason: "Scaling activity initiated by (deployment ecs-svc/1)",
      },
      {
        taskArn: arn,
        startedBy: "ecs-svc/2",
        lastStatus: "STOPPED",
        stopCode: "EssentialContainerExited",
        stoppedReason: "Essential container in task exited",
        containers: [{ name: "users", exitCode: 2 }],
      },
    ],
  },
  DescribeTaskDefinition: {
    taskDefinition: { containerDefinitions: [{ name: "users", logConfiguration: { options } }] },
  },
  DescribeServices: {
    services: [{ events: [{ message: "(port 3000) is unhealthy" }, { message: "has started 2 tasks" }] }],
  },
  FilterLogEvents: {
    events: Array.from({ length: 25 }, (_, index) => ({ message: `{"level":50,"time":0,"msg":"line ${index}"}` })),
  },
  DescribeTargetHealth: {
    TargetHealthDescriptions: [
      {
        Target: { Id: "10.42.0.9" },
        TargetHealth: { State: "unhealthy", Description: "Health checks failed with 503" },
      },
    ],
  },
};
const send: Send = async (_, operation) => answers[operation];
const about = { cluster: "forum-dev", serviceName: "forum-dev-users", deploymentId: "ecs-svc/2" };

test("a failure is explained by stop reason, exit code, the last 20 lines, events, and the target's health", async () => {
  const lines = await explain(reader(send), { ...about, targetGroupArn: "arn:group" });
  assert.deepEqual(lines.slice(0, 4), [
    "the last task has stopped: EssentialContainerExited, Essential container in task exited",
    "container users: exit code 2",
    "its last lines:",
    "  00:00:00.000 error line 5",
  ]);
  assert.deepEqual(lines.slice(3 + 20), [
    "ECS says: (port 3000) is unhealthy",
    "target 10.42.0.9 is unhealthy: Health checks failed with 503",
  ]);
});

test("where nothing is known, it says so", async () => {
  assert.deepEqual(
    await explain(
      reader(async () => ({})),
      about,
    ),
    ["no stopped task is known; ECS forgets them after an hour"],
  );
});

test("services and one-off tasks know where to look; a failure is told even when the reason cannot be read", async () => {
  const all = wanted();
  const known = new Map([["one-off-task/migrate-users" as const, { taskArn: arn }]]);
  assert.deepEqual(aboutOf("one-off-task/migrate-users", all, known), {
    cluster: "forum-dev",
    taskArn: arn,
  });
  assert.equal(aboutOf("vpc/main", all, known), undefined);
  const service = all.find(({ id }) => id === "service/users")!;
  const failed = [{ change: changeOf(service, { action: "create", after: [] }), error: new Error("x") }];
  const denied: Send = async () => Promise.reject(new Error("AccessDenied"));
  const lines = await explanations(denied, { done: [], skipped: [], failed }, all, known);
  assert.deepEqual(lines, ["Why service/users has failed:", "  the reason cannot be read: AccessDenied"]);
});

test("lines of pino are made readable, others stay", () => {
  assert.equal(
    readable('{"level":30,"time":1000,"pid":1,"msg":"ready","port":3000}'),
    "00:00:01.000 info  ready port=3000",
  );
  assert.equal(readable('{"level":40,"msg":"slow","err":{"code":"X"}}'), 'warn  slow err={"code":"X"}');
  assert.equal(readable("plain text"), "plain text");
  assert.equal(readable("{ broken"), "{ broken");
});
