import { InvalidArgumentError, type Command } from "commander";
import type { Change } from "./plan/change.ts";

/** How often AWS is asked while something is waited for, and how long; seconds. */
export interface Patience {
  poll: number;
  timeout?: number;
}

const seconds = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("It must be a number of seconds above 0.");
  return value;
};

/** Adds the options of verbs that wait. */
export const withPatience = (command: Command): Command =>
  command
    .option("--poll <seconds>", "between two questions while waiting, at first; it grows to 32", seconds, 4)
    .option("--timeout <seconds>", "give up waiting for a roll-out after so long (default: 1200)", seconds);

/** What tasks are waited for in: a database may take its time. */
const LIMITED = new Set(["service", "one-off-task"]);

/** The changes with the time-out of the option for what tasks do. */
export const limited = (changes: readonly Change[], { timeout }: Patience): Change[] =>
  changes.map((change) => ({
    ...change,
    steps: LIMITED.has(change.kind) ? withTimeout(change.steps, timeout) : change.steps,
  }));

const withTimeout = (steps: Change["steps"], timeout = Infinity): Change["steps"] =>
  steps.map((step) => (step.type === "wait" ? { ...step, seconds: Math.min(step.seconds, timeout) } : step));
