import type { RunTaskCommandInput, Task } from "@aws-sdk/client-ecs";
import { own, type Kind } from "../resource.ts";
import { call, wait } from "../step.ts";
import { smallTagList } from "../tags.ts";

export interface OneOffTaskSpec extends Pick<RunTaskCommandInput, "networkConfiguration" | "overrides"> {
  cluster: string;
  taskDefinition: string;
}

/** A task that runs to its end, once for each revision of its task definition. */
export const oneOffTask: Kind<OneOffTaskSpec> = {
  title: "One-off task",
  attributes: ["taskArn"],

  create: (resource) => [
    call(
      "ecs",
      "RunTask",
      { ...resource.spec, launchType: "FARGATE", tags: smallTagList(resource.tags) },
      {
        gives: ({ tasks, failures }) => {
          if (!tasks?.[0]?.taskArn)
            throw new Error(`ECS started no task: ${failures?.[0]?.reason ?? "no reason given"}`);
          return { taskArn: tasks[0].taskArn };
        },
      },
    ),
    wait(
      "ecs",
      "DescribeTasks",
      { cluster: resource.spec.cluster, tasks: [own(resource, "taskArn")] },
      {
        until: `the task ${resource.name} has ended with exit code 0`,
        holds: ({ tasks }) => hasSucceeded(tasks?.[0]),
        seconds: 900,
      },
    ),
    // By this tag the next run knows that the task need not run again.
    call("ecs", "TagResource", {
      resourceArn: resource.spec.taskDefinition,
      tags: [{ key: `ran:${resource.name}`, value: "yes" }],
    }),
  ],
};

/** @throws Error when the task has ended otherwise */
function hasSucceeded(task: Task | undefined): boolean {
  if (task?.lastStatus !== "STOPPED") return false;
  const failed = task.containers?.find((container) => container.exitCode !== 0);
  if (!failed) return true;
  throw new Error(
    `the task has failed: ${failed.reason ?? task.stoppedReason}, exit code ${failed.exitCode ?? "none"}`,
  );
}
