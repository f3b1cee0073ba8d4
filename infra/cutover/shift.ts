import { UserError } from "../terminal/user-error.ts";
import { parseShare } from "./canary-judge.ts";
import { runCanary, trafficBuffer, WENT_BACK } from "./canary.ts";
import { parseDuration } from "./duration.ts";
import type { MovingModule } from "./module.ts";
import type { Session } from "./session.ts";

/** Options of a canary, as the command line has them. */
export interface CanaryFlags {
  /** Percents to the service, rising. */
  canary?: number[];
  /** Milliseconds; a minute unless given. */
  bake?: number;
  /** Share of 5xx that is too many, 0 to 1. */
  maxErrors?: number;
  /** Milliseconds. */
  maxP99?: number;
}

/**
 * Raises a module's weight step by step; goes back when the service does badly, and when it is interrupted: by Ctrl-C
 * unless a signal is given. @throws UserError when it went back
 */
export async function shiftByCanary(
  { target, report, watching }: Pick<Session, "target" | "report" | "watching">,
  module: MovingModule,
  { canary = [], bake = 60_000, maxErrors, maxP99 }: CanaryFlags,
  interrupted?: AbortSignal,
): Promise<string> {
  if (target.name === "aws") {
    throw new UserError("A canary needs the figures of both sides, which are not read on AWS: shift by hand.", 2);
  }
  const from = (await target.weights())[module.name] ?? 0;
  const seen = trafficBuffer();
  const run = (signal: AbortSignal) =>
    runCanary({
      ...{ module: module.name, from, steps: canary, bake, traffic: seen.take, onEvent: report, signal },
      bounds: { ...(maxErrors !== undefined && { maxErrors }), ...(maxP99 !== undefined && { maxP99 }) },
      shift: (percent) => target.shift(module, percent),
    });
  const end = await watching(
    [module],
    () => (interrupted ? run(interrupted) : untilInterrupted(run)),
    (event) => event.type === "traffic" && seen.event(event),
  );
  if (end.ended === "done") return `${end.percent} % to the service; ${end.detail}`;
  throw new UserError(`${module.name} went back to ${end.percent} % to the service: ${end.reason}`, WENT_BACK);
}

/** Does some work that the first Ctrl-C only asks to end. */
async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const stop = () => interrupt.abort();
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.once(signal, stop);
  try {
    return await work(interrupt.signal);
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

/** Reads `5,25,50,100`. @throws UserError */
export function percentsOf(text: string): number[] {
  const percents = text.split(",").map(percentOf);
  if (percents.every((percent, index) => index === 0 || percent > percents[index - 1]!)) return percents;
  throw new UserError(`"${text}": each percent must be higher than the one before.`, 2);
}

/** Reads a whole number of percent. @throws UserError */
export function percentOf(text: string): number {
  if (/^(100|[1-9]?\d)$/.test(text)) return Number(text);
  throw new UserError(`"${text}" is not a whole number of percent from 0 to 100.`, 2);
}

/** Reads `60s`, in milliseconds. @throws UserError */
export const durationOf = (text: string): number => usable(() => parseDuration(text));

/** Reads `1%`, as 0.01. @throws UserError */
export const shareOf = (text: string): number => usable(() => parseShare(text));

/** What is wrong with an option is its user's mistake. */
function usable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UserError((error as Error).message, 2);
  }
}
