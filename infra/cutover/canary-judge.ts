import { durationText } from "./duration.ts";
import type { TrafficEvent } from "./events.ts";
import { figuresOf, type TrafficFigures } from "./live/figures.ts";

/** When a weight does harm. */
export interface Bounds {
  /** Share of answers 5xx of the service side that is too many. */
  maxErrors: number;
  /** Milliseconds: a p99 of the service side above it is too slow. Without it, one of both `TWICE` and `SLOW`. */
  maxP99?: number;
}

/** Too slow is more than so many times the monolith's p99 in the same time, and more than so many ms. */
const TWICE = 2;
const SLOW = 250;
const MAX_ERRORS = 0.01;
/** Fewer requests say nothing of a share or of a percentile. */
export const ENOUGH = 20;

/** What one side answered in a window. */
export interface SideFigures extends TrafficFigures {
  /** How often its metrics could be read. */
  looks: number;
}

export interface Window {
  service: SideFigures;
  monolith: SideFigures;
  /** Whether this is the whole of the time that a weight is given. */
  isOver: boolean;
}

export type Verdict = "go on" | { back: string };

/** Whether the service side does well enough under its weight; otherwise why not. */
export function judge({ service, monolith, isOver }: Window, bounds: Partial<Bounds> = {}): Verdict {
  const { maxErrors = MAX_ERRORS, maxP99 } = bounds;
  if (isOver && service.looks === 0)
    return { back: "the service's metrics could not be read, so nobody knows how it does" };
  if (service.requests < ENOUGH) return "go on";

  const share = service.errors / service.requests;
  if (share > maxErrors) {
    const { errors, requests } = service;
    return {
      back: `${errors} of ${requests} answers of the service were 5xx (${percent(share)}, at most ${percent(maxErrors)})`,
    };
  }
  if (service.p99 === undefined) return "go on";
  const slow = `the service's p99 was ${durationText(service.p99)}`;
  if (maxP99 !== undefined)
    return service.p99 > maxP99 ? { back: `${slow}, at most ${durationText(maxP99)}` } : "go on";
  if (monolith.p99 === undefined || monolith.requests < ENOUGH) return "go on";
  if (service.p99 > SLOW && service.p99 > TWICE * monolith.p99) {
    return { back: `${slow}, more than twice the monolith's (${durationText(monolith.p99)})` };
  }
  return "go on";
}

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;

/** The sum of the looks at one side. */
export const sideFigures = (events: readonly TrafficEvent[]): SideFigures =>
  Object.assign(figuresOf(events), { looks: events.length });

/** A share of `--max-errors`: `0.5%` is 0.005. @throws Error that says what is wrong */
export function parseShare(text: string): number {
  const percent = Number(/^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim())?.[1] ?? NaN);
  if (!(percent <= 100)) throw new Error(`"${text}" is not a share. Write percents from 0 to 100: 1% or 0.5%.`);
  return percent / 100;
}
