/** `shift MODULE --canary 5,25,50,100 --bake 60s`: raises the weight by itself, and goes back when clients suffer. */
import { setTimeout as sleep } from "node:timers/promises";
import { judge, sideFigures, type Bounds, type Verdict } from "./canary-judge.ts";
import { durationText } from "./duration.ts";
import type { EventSink, TrafficEvent } from "./events.ts";

/** Exit code of a canary that went back; the deployer says `rolled back` by the same. */
export const WENT_BACK = 3;

/** Time as the canary sees it; milliseconds. */
export interface Clock {
  now(): number;
  /** Resolves early when `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const realClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
};

export interface CanaryOptions {
  module: string;
  /** The weight before, in percent to the service: where it goes back to. Steps up to it are left out. */
  from: number;
  /** Weights to go through, rising. */
  steps: readonly number[];
  /** How long each weight has to prove itself: ms. */
  bake: number;
  bounds?: Partial<Bounds>;
  /** Sets the weight; resolves when it is in force. */
  shift: (percent: number) => Promise<void>;
  /** What was seen of the traffic since the last call: both sides, all modules. See `trafficBuffer`. */
  traffic: () => readonly TrafficEvent[];
  /** Is told the weights. */
  onEvent?: EventSink;
  /** Interrupts: the canary goes back. */
  signal?: AbortSignal;
  clock?: Clock;
  /** Milliseconds between two looks. */
  every?: number;
}

/** How a canary ended; the process says `back` by the exit code WENT_BACK. */
export type CanaryEnd =
  | { ended: "done"; percent: number; detail: string }
  | { ended: "back"; percent: number; at: number; reason: string };

/**
 * Goes through the weights; at the first one that does harm it returns to the weight before.
 * @throws what `shift` throws, after having tried to go back
 */
export async function runCanary(options: CanaryOptions): Promise<CanaryEnd> {
  const { module, from, shift, onEvent } = options;
  const steps = options.steps.filter((percent) => percent > from);
  const set = async (percent: number, reason?: string) => {
    await shift(percent);
    onEvent?.({ type: "weights", module, percent, ...(reason && { reason }) });
  };
  let monolith: TrafficEvent[] = [];
  let detail = `already at ${from} %`;
  for (const percent of steps) {
    const baked = await set(percent)
      .then(() => bake(options, monolith))
      .catch(async (error: Error) => {
        await set(from, error.message).catch(() => {});
        throw error;
      });
    if (baked.verdict !== "go on") {
      const reason = `at ${percent} %: ${baked.verdict.back}`;
      await set(from, reason).catch((error: Error) => {
        throw new Error(`The canary wanted to go back to ${from} % (${reason}), and could not: ${error.message}`);
      });
      return { ended: "back", percent: from, at: percent, reason };
    }
    ({ monolith, detail } = baked);
  }
  return { ended: "done", percent: steps.at(-1) ?? from, detail };
}

interface Baked {
  verdict: Verdict;
  /** What the monolith was measured by: kept for weights that leave it nothing to answer. */
  monolith: TrafficEvent[];
  detail: string;
}

/** Looks at one weight until it has proved itself, or has done harm. */
async function bake(options: CanaryOptions, monolithBefore: TrafficEvent[]): Promise<Baked> {
  const { module, bake, bounds, traffic, clock = realClock, every = 1000 } = options;
  const signal = options.signal ?? new AbortController().signal;
  const end = clock.now() + bake;
  const seen: TrafficEvent[] = [];
  traffic();
  for (;;) {
    await clock.sleep(Math.min(every, Math.max(0, end - clock.now())), signal);
    seen.push(...traffic().filter((event) => event.module === module));
    const isOver = clock.now() >= end;
    const service = sideFigures(seen.filter(({ side }) => side === "service"));
    const ofMonolith = seen.filter(({ side }) => side === "monolith");
    const monolith = sideFigures(ofMonolith).requests > 0 ? ofMonolith : monolithBefore;
    const verdict: Verdict = signal.aborted
      ? { back: "interrupted" }
      : judge({ service, monolith: sideFigures(monolith), isOver }, bounds);
    if (isOver || verdict !== "go on") {
      const { requests, errors, p99 } = service;
      const slowest = p99 === undefined ? "" : `, p99 ${durationText(p99)}`;
      return { verdict, monolith, detail: `${requests} requests, ${errors} errors${slowest}` };
    }
  }
}

/** Keeps traffic events until the canary asks for them. */
export function trafficBuffer(): { event: (event: TrafficEvent) => void; take: () => TrafficEvent[] } {
  let events: TrafficEvent[] = [];
  return {
    event: (event) => void events.push(event),
    take: () => {
      const taken = events;
      events = [];
      return taken;
    },
  };
}
