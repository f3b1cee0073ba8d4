import type { AwsVpcConfiguration } from "@aws-sdk/client-ecs";
import type { ResourceId } from "../reference.ts";
import type { Resource } from "../resource.ts";
import { nameOf, refTo, resource, type Blueprint } from "./blueprint.ts";
import { definition, logGroup } from "./container.ts";
import { imageAndRepository } from "./image.ts";
import type { Network } from "./network.ts";
import { executionRoleOf, taskRoleOf } from "./roles.ts";
import { databaseUrlArn } from "./secrets.ts";

/** The image with the one-off tasks, and all that is made for it. */
const TASKS = "tasks";

/** Where tasks run. */
export const awsvpc = ({ taskSubnets, assignPublicIp }: Network): { awsvpcConfiguration: AwsVpcConfiguration } => ({
  awsvpcConfiguration: {
    subnets: taskSubnets,
    securityGroups: [refTo("security-group", "task", "GroupId")],
    assignPublicIp,
  },
});

/**
 * The task that makes a role and a database for each service, with the passwords that are in its secrets.
 * @param ways what must be open before a task can reach AWS and the database
 */
export function databasesTask(plan: Blueprint, network: Network, ways: ResourceId[]): Resource[] {
  const admin = refTo("db-cluster", "main", "MasterUserSecretArn");
  const urls = plan.services.map((service) => ({
    name: `${service.name.toUpperCase()}_DATABASE_URL`,
    valueFrom: databaseUrlArn(service),
  }));
  return [
    ...imageAndRepository(plan, TASKS),
    logGroup(plan, TASKS),
    executionRoleOf(plan, TASKS, TASKS, [admin, ...urls.map(({ valueFrom }) => valueFrom)]),
    taskRoleOf(plan, TASKS),
    definition(plan, TASKS, {
      command: ["databases"],
      // The managed secret is JSON with username and password.
      secrets: [{ name: "DATABASE_ADMIN", valueFrom: admin }, ...urls],
    }),
    resource(
      plan,
      "one-off-task",
      "databases",
      {
        cluster: nameOf(plan),
        taskDefinition: refTo("task-definition", TASKS, "taskDefinitionArn"),
        networkConfiguration: awsvpc(network),
      },
      ["cluster/main", "db-instance/main", ...network.ways, ...ways],
    ),
  ];
}

/** The task that migrates a service's database with the image that is about to serve. */
export const migration = (plan: Blueprint, name: string, network: Network): Resource =>
  resource(
    plan,
    "one-off-task",
    `migrate-${name}`,
    {
      cluster: nameOf(plan),
      taskDefinition: refTo("task-definition", name, "taskDefinitionArn"),
      networkConfiguration: awsvpc(network),
      overrides: { containerOverrides: [{ name, command: ["migrate"] }] },
    },
    ["one-off-task/databases"],
  );
