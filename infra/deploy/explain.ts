/** Why tasks die: what ECS, the log and the load balancer say about it. */
import type { Container, Task } from "@aws-sdk/client-ecs";
import { orNone, type Ask } from "./ask.ts";
import { readable } from "./logs/line.ts";
import { readTargets } from "./status/read.ts";

/** Log lines that are told of a task. */
const LINES = 20;

/** Which tasks are meant: those of a service, or one task. */
export interface About {
  cluster: string;
  logGroup: string;
  /** Prefix of the log streams, and name of the container. */
  container: string;
  serviceName?: string;
  taskArn?: string;
  targetGroupArn?: string | undefined;
}

/** Lines that say why: the last task that has stopped, its last log lines, and targets that are not healthy. */
export async function explain(ask: Ask, about: About): Promise<string[]> {
  const [task, targets] = await Promise.all([
    lastStopped(ask, about),
    about.targetGroupArn ? readTargets(ask, about.targetGroupArn) : [],
  ]);
  const sick = targets.filter(({ health }) => health !== "healthy");
  return [
    ...(task ? stopLines(task) : ["no stopped task is known; ECS forgets them after an hour"]),
    ...(task?.taskArn ? await logLines(ask, about, task.taskArn) : []),
    ...sick.map(({ address, health, reason }) => `target ${address} is ${health}${reason ? `: ${reason}` : ""}`),
  ];
}

async function lastStopped(ask: Ask, { cluster, serviceName, taskArn }: About): Promise<Task | undefined> {
  const listed = taskArn ? [] : await ask("ecs", "ListTasks", { cluster, serviceName, desiredStatus: "STOPPED" });
  const tasks = taskArn ? [taskArn] : listed.flatMap(({ taskArns }) => taskArns ?? []).slice(0, 100);
  if (tasks.length === 0) return undefined;
  const [answer] = await ask("ecs", "DescribeTasks", { cluster, tasks });
  const stopped = (answer?.tasks ?? []).filter(({ lastStatus }) => lastStatus === "STOPPED");
  return stopped.toSorted((one, other) => stopTime(other) - stopTime(one))[0];
}

const stopTime = ({ stoppedAt }: Task): number => stoppedAt?.getTime() ?? 0;

const stopLines = ({ stoppedReason, stopCode, containers = [] }: Task): string[] => [
  `the last task has stopped: ${[stopCode, stoppedReason].filter(Boolean).join(", ") || "ECS gives no reason"}`,
  ...containers.map(containerLine),
];

const containerLine = ({ name, exitCode, reason }: Container): string =>
  `container ${name}: exit code ${exitCode ?? "none, it never ran"}${reason ? `, ${reason}` : ""}`;

async function logLines(ask: Ask, { logGroup, container }: About, taskArn: string): Promise<string[]> {
  const logStreamName = `${container}/${container}/${taskArn.split("/").at(-1)}`;
  const input = { logGroupName: logGroup, logStreamNames: [logStreamName] };
  const answers = await orNone(ask("logs", "FilterLogEvents", input), "ResourceNotFoundException");
  const lines = answers.flatMap(({ events }) => events ?? []).map(({ message = "" }) => readable(message));
  return lines.length === 0
    ? ["it has logged nothing"]
    : ["its last lines:", ...lines.slice(-LINES).map((line) => `  ${line}`)];
}
