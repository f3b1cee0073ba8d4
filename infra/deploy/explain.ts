/** Why tasks die: what ECS, the log and the load balancer say about it. */
import type { Container, Task } from "@aws-sdk/client-ecs";
import type { Ask } from "./ask.ts";
import { linesOf, stoppedTasks, type About } from "./rollout/stopped.ts";
import { readTargets } from "./status/read.ts";

/** Log lines that are told of a task. */
const LINES = 20;
/** Events that are told of a service. */
const EVENTS = 3;
const SCALED = /^Scaling activity initiated by/;
const BAD = /unhealthy|fail|unable|error/i;

/** Which tasks are meant, and where their targets are. */
export interface Suspects extends About {
  targetGroupArn?: string | undefined;
}

/** Lines that say why: the last task that has stopped, its last log lines, what ECS complains of, targets that are sick. */
export async function explain(ask: Ask, about: Suspects): Promise<string[]> {
  const [stopped, events, targets] = await Promise.all([
    stoppedTasks(ask, about),
    complaints(ask, about),
    about.targetGroupArn ? readTargets(ask, about.targetGroupArn) : [],
  ]);
  // When a deployment is given up, ECS stops its other tasks as well: they have done nothing wrong.
  const task = stopped.find(({ stoppedReason = "" }) => !SCALED.test(stoppedReason)) ?? stopped[0];
  // One that is on its way out is not sick.
  const sick = targets.filter(({ health }) => health !== "healthy" && health !== "draining");
  return [
    ...(task ? stopLines(task) : ["no stopped task is known; ECS forgets them after an hour"]),
    ...(task ? await logLines(ask, task) : []),
    ...events,
    ...sick.map(({ address, health, reason }) => `target ${address} is ${health}${reason ? `: ${reason}` : ""}`),
  ];
}

const stopLines = ({ stoppedReason, stopCode, containers = [] }: Task): string[] => [
  `the last task has stopped: ${[stopCode, stoppedReason].filter(Boolean).join(", ") || "ECS gives no reason"}`,
  ...containers.map(containerLine),
];

const containerLine = ({ name, exitCode, reason }: Container): string =>
  `container ${name}: exit code ${exitCode ?? "none, it never ran"}${reason ? `, ${reason}` : ""}`;

async function logLines(ask: Ask, task: Task): Promise<string[]> {
  const lines = await linesOf(ask, task);
  return lines.length === 0
    ? ["it has logged nothing"]
    : ["its last lines:", ...lines.slice(-LINES).map((line) => `  ${line}`)];
}

/** The last bad events of a service: they tell a target's health also when the target is gone. */
async function complaints(ask: Ask, { cluster, serviceName }: About): Promise<string[]> {
  if (!serviceName) return [];
  const answers = await ask("ecs", "DescribeServices", { cluster, services: [serviceName] });
  const messages = answers
    .flatMap(({ services }) => services ?? [])
    .flatMap(({ events }) => events ?? [])
    .map(({ message = "" }) => message)
    .filter((message) => BAD.test(message));
  return [...new Set(messages)].slice(0, EVENTS).map((message) => `ECS says: ${message}`);
}
