import type { Container, Task } from "@aws-sdk/client-ecs";
import { forum } from "../../forum.ts";
import { UserError } from "../../terminal/user-error.ts";
import { shortOf } from "../arn.ts";
import { orNone, type Ask } from "../ask.ts";
import { blueprint, nameOf } from "../desired/blueprint.ts";
import { folder, type Environment } from "../environment.ts";

/** A container that can be entered. */
export interface Entrance {
  cluster: string;
  taskArn: string;
  /** Last part of the ARN. */
  taskId: string;
  container: string;
  /** What Systems Manager knows the container by. */
  runtimeId: string;
}

/** Tasks that are described in one answer. */
const AT_ONCE = 100;

/**
 * A running task of a service whose container can be entered: any, or the one whose id begins so.
 * @throws UserError that says why there is none, and what to do
 */
export async function entranceOf(ask: Ask, environment: Environment, service: string, begins = ""): Promise<Entrance> {
  const plan = blueprint(forum, environment);
  const cluster = nameOf(plan);
  const look = `npm run infra -- status --env ${environment.name}`;
  const tasks = await runningTasks(ask, cluster, nameOf(plan, service));
  if (tasks.length === 0) throw new UserError(`No task of ${service} is running. To see why: ${look}`);

  const meant = tasks.filter((task) => idOf(task).startsWith(begins));
  if (meant.length === 0) {
    throw new UserError(
      `No running task of ${service} has an id that begins with ${begins}: ${tasks.map(idOf).join(", ")}`,
    );
  }
  const open = meant.filter(({ enableExecuteCommand }) => enableExecuteCommand);
  if (open.length === 0) throw new UserError(closedText(environment, service));

  const ready = open.find((task) => agentOf(containerOf(task, service))?.lastStatus === "RUNNING");
  if (!ready) {
    const { lastStatus = "not there", reason } = agentOf(containerOf(open[0]!, service)) ?? {};
    throw new UserError(
      `The agent of ECS Exec in task ${idOf(open[0]!)} is ${lastStatus}${reason ? `: ${reason}` : ""}. It needs some seconds after the task's start, and a way to Systems Manager.`,
    );
  }
  const { runtimeId = "" } = containerOf(ready, service) ?? {};
  return { cluster, taskArn: ready.taskArn ?? "", taskId: idOf(ready), container: service, runtimeId };
}

async function runningTasks(ask: Ask, cluster: string, serviceName: string): Promise<Task[]> {
  const listed = await orNone(
    ask("ecs", "ListTasks", { cluster, serviceName, desiredStatus: "RUNNING" }),
    "ClusterNotFoundException",
    "ServiceNotFoundException",
  );
  const tasks = listed.flatMap(({ taskArns }) => taskArns ?? []).slice(0, AT_ONCE);
  if (tasks.length === 0) return [];
  const answers = await ask("ecs", "DescribeTasks", { cluster, tasks });
  return answers.flatMap(({ tasks }) => tasks ?? []).filter(({ lastStatus }) => lastStatus === "RUNNING");
}

const idOf = ({ taskArn = "" }: Task): string => shortOf(taskArn);
const containerOf = ({ containers = [] }: Task, name: string) => containers.find((one) => one.name === name);
const agentOf = (container: Container | undefined) =>
  container?.managedAgents?.find(({ name }) => name === "ExecuteCommandAgent");

function closedText({ name, exec }: Environment, service: string): string {
  const deploy = `npm run infra -- deploy --env ${name}`;
  return exec
    ? `The running tasks of ${service} are older than the setting "exec": true. New ones can be entered: ${deploy}`
    : `The tasks of ${service} cannot be entered. Say "exec": true in ${folder}/${name}.json, then ${deploy}: it puts new tasks in their place.`;
}
