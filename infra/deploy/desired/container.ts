import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import type { Application } from "../../forum.ts";
import { USER } from "../../images/user.ts";
import type { Environment, Size } from "../environment.ts";
import type { Resource } from "../resource.ts";
import { nameOf, refTo, resource, type Blueprint } from "./blueprint.ts";
import { imageOf } from "./image.ts";
import { executionRole } from "./roles.ts";

/** Tasks of a service: one for each zone, and room to grow. */
const MINIMUM = 2;
const MAXIMUM = 6;

/** A size without holes. */
export type Sizes = { [Key in keyof Size]-?: number };

/** Size and number of the tasks of a service: its own settings before those for all, before the table's. */
export function sizeOf({ task }: Application, { tasks, services }: Environment, name: string): Sizes {
  const own = services[name] ?? {};
  return {
    cpu: own.cpu ?? tasks.cpu ?? task.cpu,
    memory: own.memory ?? tasks.memory ?? task.memory,
    minimum: own.minimum ?? tasks.minimum ?? MINIMUM,
    maximum: own.maximum ?? tasks.maximum ?? MAXIMUM,
  };
}

/** Where the tasks of that name write. */
export const logGroup = (plan: Blueprint, name: string): Resource =>
  resource(plan, "log-group", name, {
    logGroupName: nameOf(plan, name),
    retentionInDays: plan.environment.logRetentionDays,
  });

/** A task definition for Fargate with one container, which writes to the log group of its name. */
export function definition(plan: Blueprint, name: string, container: Partial<ContainerDefinition>): Resource {
  const { application, environment } = plan;
  const { cpu, memory } = sizeOf(application, environment, name);
  return resource(
    plan,
    "task-definition",
    name,
    {
      family: nameOf(plan, name),
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      cpu: String(cpu),
      memory: String(memory),
      runtimePlatform: { cpuArchitecture: environment.architecture, operatingSystemFamily: "LINUX" },
      executionRoleArn: refTo("role", executionRole(name), "Arn"),
      taskRoleArn: refTo("role", name, "Arn"),
      containerDefinitions: [
        {
          name,
          image: imageOf(plan, name),
          essential: true,
          memory,
          user: `${USER}:${USER}`,
          // The agent of ECS Exec writes into the container's file system.
          readonlyRootFilesystem: !environment.exec,
          linuxParameters: { capabilities: { drop: ["ALL"] }, initProcessEnabled: environment.exec },
          stopTimeout: application.stopTimeout,
          logConfiguration: {
            logDriver: "awslogs",
            options: {
              "awslogs-group": nameOf(plan, name),
              "awslogs-region": environment.region,
              "awslogs-stream-prefix": name,
              // Rather lose lines than stop serving when CloudWatch is slow.
              mode: "non-blocking",
              "max-buffer-size": "4m",
            },
          },
          ...container,
        },
      ],
    },
    [`log-group/${name}`],
  );
}
