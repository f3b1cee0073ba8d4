import { setTimeout as sleep } from "node:timers/promises";
import type { Send } from "../ask.ts";
import type { Attributes } from "../reference.ts";
import type { Call, Step, Wait } from "../step.ts";
import { EndingError, endingOf } from "../ending.ts";
import { runCommand } from "./command.ts";
import { pause, secondsWorthTrying } from "./retry.ts";

/** What steps are run with. */
export interface Surroundings {
  send: Send;
  /** Puts in what is known. @throws Error when something is not */
  resolve: <T>(value: T) => Promise<T>;
  /** What is known of the resource, and what an answer adds. */
  attributes: () => Attributes;
  learn: (attributes: Attributes) => void;
  /** Says what it is waiting for. */
  waiting: (until: string) => void;
  /** Milliseconds between two questions, at first. */
  pace: number;
  signal?: AbortSignal | undefined;
}

/** Runs one step. @throws EndingError that says which call it was and what AWS said */
export async function runStep(step: Step, around: Surroundings): Promise<void> {
  if (step.type === "call") return runCall(step, around);
  if (step.type === "wait") return runWait(step, around);
  const { command, input } = await around.resolve(step);
  return runCommand({ type: "command", command, ...(input !== undefined && { input }) }, around.signal);
}

async function runCall(step: Call, around: Surroundings): Promise<void> {
  const { service, operation, input, completed, gives, tolerates } = step;
  const start = performance.now();
  for (let attempt = 0; ; attempt += 1) {
    around.signal?.throwIfAborted();
    try {
      const output = await around.send(service, operation, completed((await around.resolve(input)) as never));
      return around.learn(gives(output as never));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (tolerates.includes(error.name)) return;
      const left = secondsWorthTrying(service, operation, error) - (performance.now() - start) / 1000;
      if (left <= 0) throw new EndingError("failed", `${service}:${operation}: ${error.message}`, { cause: error });
      around.waiting(`${service}:${operation} is possible (${error.message})`);
      await sleep(pause(attempt, around.pace), undefined, { signal: around.signal });
    }
  }
}

async function runWait(step: Wait, around: Surroundings): Promise<void> {
  const { service, operation, input, look, holds, progress, gives, seconds } = step;
  const until = await around.resolve(step.until);
  const start = performance.now();
  for (let attempt = 0; ; attempt += 1) {
    around.signal?.throwIfAborted();
    const output = (await around.send(service, operation, await around.resolve(input))) as never;
    await look(around.send, output, around.attributes());
    if (isTrue(() => holds(output, around.attributes()), until)) return around.learn(gives(output));
    if ((performance.now() - start) / 1000 > seconds)
      throw new EndingError("timed out", `gave up waiting until ${until}: ${seconds} s`);
    const far = progress(output, around.attributes());
    around.waiting(far ? `${until}: ${far}` : until);
    await sleep(pause(attempt, around.pace), undefined, { signal: around.signal });
  }
}

/** @throws EndingError when the condition can hold no more */
function isTrue(condition: () => boolean, until: string): boolean {
  try {
    return condition();
  } catch (error) {
    throw new EndingError(endingOf(error), `${(error as Error).message} (waiting until ${until})`, { cause: error });
  }
}
