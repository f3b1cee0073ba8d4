/** Mistakes with which a task can never run, however often it is started: waiting for it is of no use. */
import type { Task } from "@aws-sdk/client-ecs";
import type { Ask } from "../ask.ts";
import { linesOf, stoppedTasks, type About } from "./stopped.ts";

const CAUSES = [
  { said: /CannotPull\w*Error/, means: "the image cannot be pulled" },
  { said: /exec format error/i, means: "the image is for another architecture than the task" },
  { said: /ResourceInitializationError.*(secret|ssm|parameter)/is, means: "a secret cannot be read" },
];

/** The same errors come of a network that hiccups, and of a role that is so new that not everybody knows it. */
const MAY_PASS =
  /time ?out|timed out|throttl|toomanyrequests|connection re|TLS handshake|denied|not authorized|assume/i;

/** A stopped task with what it has logged. */
export interface Stopped {
  task: Task;
  lines: readonly string[];
}

/** The mistake that makes going on useless, in words. What may pass counts when a second task has stopped of it. */
export function misconfigurationOf(stopped: readonly Stopped[]): string | undefined {
  const found = stopped.flatMap(({ task, lines }) => causeOf(task, lines) ?? []);
  const lasting = found.find(({ detail }) => !MAY_PASS.test(detail)) ?? found[1];
  return lasting && `${lasting.means}: ${lasting.detail}`;
}

function causeOf({ stoppedReason, containers = [] }: Task, lines: readonly string[]) {
  const texts = [stoppedReason, ...containers.map(({ reason }) => reason), ...lines].filter(
    (text) => text !== undefined,
  );
  for (const { said, means } of CAUSES) {
    const detail = texts.find((text) => said.test(text));
    if (detail !== undefined) return { means, detail };
  }
  return undefined;
}

/** Looks for such a mistake in the tasks that have stopped. */
export async function findMisconfiguration(ask: Ask, about: About): Promise<string | undefined> {
  const tasks = await stoppedTasks(ask, about);
  const stopped = tasks.map(async (task) => ({ task, lines: hasExited(task) ? await linesOf(ask, task) : [] }));
  return misconfigurationOf(await Promise.all(stopped));
}

/** Only a container that ran can have logged something. */
const hasExited = ({ containers = [] }: Task): boolean =>
  containers.some(({ exitCode }) => exitCode !== undefined && exitCode !== 0);
