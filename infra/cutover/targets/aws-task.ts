/** A one-off task on ECS and what it tells by its log. */
import type { RunTaskCommandInput, RunTaskCommandOutput, Task } from "@aws-sdk/client-ecs";
import { setTimeout as sleep } from "node:timers/promises";
import { shortOf } from "../../deploy/arn.ts";
import { orNone, reader, type Send } from "../../deploy/ask.ts";
import { blueprint, nameOf } from "../../deploy/desired/blueprint.ts";
import type { Environment } from "../../deploy/environment.ts";
import { stoppedTasks } from "../../deploy/rollout/stopped.ts";
import { forum } from "../../forum.ts";
import { UserError } from "../../terminal/user-error.ts";
import type { EventSink } from "../events.ts";
import { listener } from "./one-off.ts";

/** The container that the deployer registers for one-off tasks. */
const TASKS = "tasks";
/** Times that the log of a task that has ended is read until its result is there: CloudWatch shows lines late. */
const LATE_LOOKS = 10;
/** Milliseconds. A copy of millions of rows takes its time; what takes longer is not followed any more. */
const PATIENCE = 3 * 60 * 60 * 1000;

export interface TaskOptions {
  send: Send;
  environment: Environment;
  /** What the task does. */
  command: string[];
  /** Milliseconds between two looks. */
  pace: number;
}

/** Runs a task to its end and gives its result. @throws UserError with what the task, or ECS, says of its failure */
export async function runTask({ send, environment, command, pace }: TaskOptions, report: EventSink): Promise<unknown> {
  const plan = blueprint(forum, environment);
  const cluster = nameOf(plan);
  const taskArn = await start(send, cluster, nameOf(plan, TASKS), command);
  const { hear, end } = listener(report);
  let heard = 0;
  const listen = async () => {
    const lines = await linesOf(send, nameOf(plan, TASKS), taskArn);
    for (const line of lines.slice(heard)) hear(line);
    heard = Math.max(heard, lines.length);
    return end();
  };
  for (const deadline = performance.now() + PATIENCE; ; await sleep(pace)) {
    const outcome = await listen();
    if (outcome) return outcome.result;
    const [stopped] = await stoppedTasks(reader(send), { cluster, taskArn });
    if (stopped?.lastStatus === "STOPPED") break;
    if (performance.now() > deadline)
      throw new UserError(`The task ${taskArn} still runs: npm run infra -- logs tasks`, 4);
  }
  for (let look = 0; look < LATE_LOOKS; look += 1) {
    const outcome = await listen();
    if (outcome) return outcome.result;
    await sleep(pace);
  }
  const [stopped] = await stoppedTasks(reader(send), { cluster, taskArn });
  throw new UserError(`The task \`${command.join(" ")}\` ended without a result: ${reasonOf(stopped)}`);
}

/** Starts a task where the services' tasks run. */
async function start(send: Send, cluster: string, family: string, command: string[]): Promise<string> {
  const [described] = await reader(send)("ecs", "DescribeServices", {
    cluster,
    services: [`${cluster}-${forum.defaultService}`],
  });
  const { networkConfiguration } = described?.services?.[0] ?? {};
  if (!networkConfiguration) {
    throw new UserError(`${cluster} is not deployed. First: npm run infra -- deploy`);
  }
  const input: RunTaskCommandInput = {
    cluster,
    taskDefinition: family,
    launchType: "FARGATE",
    networkConfiguration,
    overrides: { containerOverrides: [{ name: TASKS, command }] },
  };
  const { tasks, failures } = (await send("ecs", "RunTask", input)) as RunTaskCommandOutput;
  const taskArn = tasks?.[0]?.taskArn;
  if (taskArn) return taskArn;
  throw new UserError(`ECS started no task: ${failures?.[0]?.reason ?? "no reason given"}`);
}

async function linesOf(send: Send, logGroupName: string, taskArn: string): Promise<string[]> {
  const logStreamNames = [`${TASKS}/${TASKS}/${shortOf(taskArn)}`];
  const answers = await orNone(
    reader(send)("logs", "FilterLogEvents", { logGroupName, logStreamNames }),
    // The stream comes with the first line.
    "ResourceNotFoundException",
  );
  return answers.flatMap(({ events }) => events ?? []).map(({ message = "" }) => message);
}

function reasonOf(task: Task | undefined): string {
  const container = task?.containers?.[0];
  const code = container?.exitCode === undefined ? "it never ran" : `exit code ${container.exitCode}`;
  return [task?.stoppedReason, container?.reason, code].filter(Boolean).join(", ");
}
