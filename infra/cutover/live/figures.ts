import type { TrafficEvent } from "../events.ts";
import { mergeBuckets, percentile } from "./percentile.ts";

/** Several looks at the traffic in one. */
export interface TrafficFigures {
  requests: number;
  errors: number;
  /** Milliseconds; none without requests. */
  p50?: number;
  p99?: number;
}

/** Sums and percentiles of looks, of whatever sides and modules. */
export function figuresOf(looks: readonly TrafficEvent[]): TrafficFigures {
  const latencies = mergeBuckets(looks.map(({ latencies }) => latencies ?? []));
  const [p50, p99] = [percentile(0.5, latencies), percentile(0.99, latencies)];
  return {
    requests: sum(looks, ({ requests }) => requests),
    errors: sum(looks, ({ errors }) => errors),
    ...(p50 !== undefined && p99 !== undefined && { p50, p99 }),
  };
}

/** The sum of what `of` says of each. */
export const sum = <T>(all: readonly T[], of: (one: T) => number): number =>
  all.reduce((total, one) => total + of(one), 0);

/** Requests per second of looks at one side of one module. */
const rateOf = (looks: readonly TrafficEvent[]): number =>
  sum(looks, ({ requests }) => requests) /
  Math.max(
    0.001,
    sum(looks, ({ seconds }) => seconds),
  );

/** How it goes now: the figures of the last `seconds`; a single look is too short to be read. */
export function recentFigures(looks: readonly TrafficEvent[], seconds = 2): TrafficFigures & { rate: number } {
  let left = seconds;
  const recent = looks.toReversed().filter((look) => {
    const isRecent = left > 0;
    left -= look.seconds;
    return isRecent;
  });
  return Object.assign(figuresOf(recent), { rate: rateOf(recent) });
}

/** How it went: the looks of a stretch of time, put together so that they make about `count` pieces. */
export function history(looks: readonly (TrafficEvent & { at: number })[], stretch: number, count: number) {
  const width = Math.max(1, Math.ceil(stretch / Math.max(1, count))) * 1000;
  const groups = Map.groupBy(looks, ({ at }) => Math.floor(at / width));
  return [...groups.values()].map((group) => Object.assign(figuresOf(group), { rate: rateOf(group) }));
}
