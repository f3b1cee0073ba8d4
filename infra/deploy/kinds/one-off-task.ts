import type { RunTaskCommandInput, Task } from "@aws-sdk/client-ecs";
import { reader, type Send } from "../ask.ts";
import { EndingError } from "../ending.ts";
import { own, type Kind } from "../resource.ts";
import { findMisconfiguration } from "../rollout/misconfiguration.ts";
import { foundPart, tagsFrom } from "../scope.ts";
import { call, wait } from "../step.ts";
import { smallTagList } from "../tags.ts";
import { revisionsOf } from "./revisions.ts";

export interface OneOffTaskSpec extends Pick<RunTaskCommandInput, "networkConfiguration" | "overrides"> {
  cluster: string;
  taskDefinition: string;
}

/** The tag on a task definition that says that a task has run with it. */
export const RAN = "ran:";

/** A task that runs to its end, once for each revision of its task definition. */
export const oneOffTask: Kind<OneOffTaskSpec> = {
  title: "One-off task",
  attributes: ["taskArn"],
  revisions: true,

  read: async (ask, scope) => {
    const revisions = await revisionsOf(ask, scope);
    return revisions.flatMap(({ arn, tags }) =>
      Object.keys(tagsFrom(tags))
        .filter((key) => key.startsWith(RAN))
        .map((key) =>
          foundPart(`one-off-task/${key.slice(RAN.length)}`, {
            name: arn,
            attributes: {},
            spec: { taskDefinition: arn },
          }),
        ),
    );
  },

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
        look: (send, { tasks }) => assertCanRun(send, resource.spec.cluster, tasks?.[0]),
        holds: ({ tasks }) => hasSucceeded(tasks?.[0]),
        progress: ({ tasks }) => tasks?.[0]?.lastStatus ?? "",
        seconds: 900,
      },
    ),
    call("ecs", "TagResource", {
      resourceArn: resource.spec.taskDefinition,
      tags: [{ key: `${RAN}${resource.name}`, value: "yes" }],
    }),
  ],

  // Nothing is left of a task but the tag on its task definition.
  remove: () => [],
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

/** @throws EndingError when the task has ended of a mistake that no further try mends */
async function assertCanRun(send: Send, cluster: string, task: Task | undefined): Promise<void> {
  if (!task?.taskArn || task.lastStatus !== "STOPPED") return;
  const mistake = await findMisconfiguration(reader(send), { cluster, taskArn: task.taskArn });
  if (mistake) throw new EndingError("misconfigured", mistake);
}
