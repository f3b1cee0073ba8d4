/** Tasks that have stopped, and what they have logged. */
import type { Task } from "@aws-sdk/client-ecs";
import { shortOf } from "../arn.ts";
import { orNone, type Ask } from "../ask.ts";
import { readable } from "../logs/line.ts";

/** Which tasks are meant: those that a deployment of a service has started, or one task. */
export interface About {
  cluster: string;
  serviceName?: string;
  /** Of the deployment; without it, all tasks of the service. */
  deploymentId?: string | undefined;
  taskArn?: string;
}

/** Tasks that are described in one answer. */
const AT_ONCE = 100;

/** The tasks that have stopped or are about to, the last one first. ECS forgets them after an hour. */
export async function stoppedTasks(ask: Ask, { cluster, serviceName, deploymentId, taskArn }: About): Promise<Task[]> {
  const listed = taskArn ? [] : await ask("ecs", "ListTasks", { cluster, serviceName, desiredStatus: "STOPPED" });
  const tasks = taskArn ? [taskArn] : listed.flatMap(({ taskArns }) => taskArns ?? []).slice(0, AT_ONCE);
  if (tasks.length === 0) return [];
  const [answer] = await ask("ecs", "DescribeTasks", { cluster, tasks });
  return (answer?.tasks ?? [])
    .filter(({ lastStatus, stoppedReason }) => lastStatus === "STOPPED" || stoppedReason !== undefined)
    .filter(({ startedBy }) => deploymentId === undefined || startedBy === deploymentId)
    .toSorted((one, other) => stopTime(other) - stopTime(one));
}

const stopTime = ({ stoppedAt, stoppingAt }: Task): number => (stoppedAt ?? stoppingAt)?.getTime() ?? 0;

/** What a task's containers have logged, in the order of time, readable; the log is where its definition says. */
export async function linesOf(ask: Ask, { taskArn = "", taskDefinitionArn }: Task): Promise<string[]> {
  const [answer] = await ask("ecs", "DescribeTaskDefinition", { taskDefinition: taskDefinitionArn });
  const streams = (answer?.taskDefinition?.containerDefinitions ?? []).flatMap(({ name, logConfiguration }) => {
    const { "awslogs-group": group, "awslogs-stream-prefix": prefix } = logConfiguration?.options ?? {};
    return group ? [{ logGroupName: group, logStreamNames: [`${prefix}/${name}/${shortOf(taskArn)}`] }] : [];
  });
  const answers = await Promise.all(
    streams.map((input) => orNone(ask("logs", "FilterLogEvents", input), "ResourceNotFoundException")),
  );
  return answers
    .flat()
    .flatMap(({ events }) => events ?? [])
    .map(({ message = "" }) => readable(message));
}
