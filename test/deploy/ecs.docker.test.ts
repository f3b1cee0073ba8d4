/** What the plugin in test/aws adds to moto, as far as no other test would notice that it is missing. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type {
  DescribeServiceDeploymentsResponse,
  DescribeTasksResponse,
  ExecuteCommandResponse,
  ListServiceDeploymentsResponse,
  ListTasksResponse,
  Service,
} from "@aws-sdk/client-ecs";
import { eventually } from "../support/eventually.ts";
import { deploy, deployable, session, startMoto } from "./moto.ts";

const moto = await startMoto();
before(async () => {
  await deploy(session(), deployable({ exec: true, stage: "monolith" }));
});
after(() => moto.stop());

const cluster = "forum-dev";
const service = "forum-dev-monolith";
/** Asks ECS about the service, or to do something with it. */
const ecs = async <T>(operation: string, input: object = {}): Promise<T> =>
  (await session().send("ecs", operation, { cluster, ...input })) as T;
const serviceNow = async () =>
  (await ecs<{ services: Service[] }>("DescribeServices", { services: [service] })).services[0]!;
const tasksOf = async (desiredStatus: string) =>
  (await ecs<ListTasksResponse>("ListTasks", { serviceName: service, desiredStatus })).taskArns ?? [];

test("a service keeps what it was made with", async () => {
  const one = await serviceNow();
  assert.equal(one.healthCheckGracePeriodSeconds, 60);
  assert.equal(one.enableExecuteCommand, true);
  assert.equal(one.enableECSManagedTags, true);
  assert.deepEqual(one.deploymentConfiguration?.deploymentCircuitBreaker, { enable: true, rollback: true });
  assert.deepEqual(one.capacityProviderStrategy, [{ base: 1, capacityProvider: "FARGATE", weight: 100 }]);
});

test("more and fewer tasks are no deployment; a forced one is, and replaces the tasks", async () => {
  const before = (await serviceNow()).deployments?.[0]?.id;
  const count = async (desiredCount: number) => {
    await ecs("UpdateService", { service, desiredCount });
    await eventually(async () => assert.equal((await serviceNow()).runningCount, desiredCount));
    assert.equal((await serviceNow()).deployments?.[0]?.id, before);
  };
  await count(4);
  await count(2);
  const old = await tasksOf("RUNNING");
  await ecs("UpdateService", { service, forceNewDeployment: true });
  await eventually(async () => assert.equal((await serviceNow()).deployments?.length, 1));
  const now = await tasksOf("RUNNING");
  assert.equal(now.length, 2);
  assert.deepEqual(
    now.filter((arn) => old.includes(arn)),
    [],
  );
  const stopped = await tasksOf("STOPPED");
  assert.ok(old.every((arn) => stopped.includes(arn)));
});

test("a service deployment that is stopped goes back; one that has ended cannot be stopped", async () => {
  await moto.fate({ kind: "never-starts" });
  await ecs("UpdateService", { service, forceNewDeployment: true });
  const listed = await ecs<ListServiceDeploymentsResponse>("ListServiceDeployments", { service });
  const [newest] = listed.serviceDeployments ?? [];
  const { serviceDeploymentArn = "" } = newest!;
  assert.equal(newest?.status, "IN_PROGRESS");
  await ecs("StopServiceDeployment", { serviceDeploymentArn, stopType: "ROLLBACK" });
  await eventually(async () => {
    const input = { serviceDeploymentArns: [serviceDeploymentArn] };
    const { serviceDeployments } = await ecs<DescribeServiceDeploymentsResponse>("DescribeServiceDeployments", input);
    assert.equal(serviceDeployments?.[0]?.status, "ROLLBACK_SUCCESSFUL");
  });
  assert.equal((await serviceNow()).runningCount, 2);
  await assert.rejects(ecs("StopServiceDeployment", { serviceDeploymentArn }), { name: "ConflictException" });
});

test("ExecuteCommand opens a session in a running task, and refuses where Exec is off", async () => {
  const [task = ""] = await tasksOf("RUNNING");
  const { tasks } = await ecs<DescribeTasksResponse>("DescribeTasks", { tasks: [task] });
  assert.equal(tasks?.[0]?.lastStatus, "RUNNING");
  const input = { task, command: "sh", interactive: true };
  const { session: opened } = await ecs<ExecuteCommandResponse>("ExecuteCommand", input);
  assert.match(opened?.streamUrl ?? "", /^wss:/);
  await moto.fate({ kind: "healthy" });
  await ecs("UpdateService", { service, enableExecuteCommand: false, forceNewDeployment: true });
  await eventually(async () => assert.equal((await tasksOf("RUNNING")).includes(task), false));
  const [next] = await tasksOf("RUNNING");
  await assert.rejects(ecs("ExecuteCommand", { ...input, task: next }), /execute command was not enabled/);
});

test("ECS refuses a service twice, and a cluster with services", async () => {
  await assert.rejects(ecs("CreateService", { serviceName: service, taskDefinition: service }), /not idempotent/);
  await assert.rejects(ecs("DeleteCluster"), { name: "ClusterContainsServicesException" });
});
