import type { LatencyBucket, StepName, TimedEvent, TrafficEvent } from "../../infra/cutover/events.ts";
import { percentile } from "../../infra/cutover/live/percentile.ts";

/** When recordings begin: milliseconds since 1970. */
export const BEGIN = Date.UTC(2026, 10, 21, 12);

/**
 * The events of `to all` under a steady load, made up but as they come in reality: ten seconds before, a module after
 * the other, ten seconds after. The same at every call.
 */
export function recordedCutover(modules: readonly string[] = ["users", "threads", "posts"]): TimedEvent[] {
  const events: TimedEvent[] = [];
  const percent = new Map(modules.map((module) => [module, 0]));
  const random = generator();
  let second = 0;
  const at = () => BEGIN + second * 1000;
  const tick = (seconds: number) => {
    for (let n = 0; n < seconds; n++) {
      second += 1;
      for (const module of modules) events.push(...trafficAt(at(), module, percent.get(module)!, random));
    }
  };
  const step = (module: string, step: StepName, seconds: number, middle?: () => void) => {
    events.push({ type: "step", at: at(), module, step, state: "started" });
    if (middle) middle();
    else tick(seconds);
    events.push({ type: "step", at: at(), module, step, state: "done", ms: seconds * 1000 });
  };

  tick(10);
  for (const module of modules) {
    for (const step of ["prepare", "verify", "shift", "handover"] as const) {
      events.push({ type: "step", at: at(), module, step, state: "planned" });
    }
  }
  for (const module of modules) {
    step(module, "prepare", 6, () => {
      for (let n = 0; n <= 6; n++) {
        if (n > 0) tick(1);
        events.push({ type: "progress", at: at(), module, rows: n * 4000, total: 24_000 });
        events.push({ type: "lag", at: at(), module, bytes: (6 - n) * 70_000, seconds: (6 - n) / 5 });
      }
    });
    step(module, "verify", 2);
    events.push({ type: "verified", at: at(), module, rows: 24_017, answers: 200, differences: [] });
    step(module, "shift", 12, () => {
      for (const weight of [5, 25, 50, 100]) {
        percent.set(module, weight);
        events.push({ type: "weights", at: at(), module, percent: weight });
        tick(3);
      }
    });
    step(module, "handover", 1);
    events.push({ type: "handover", at: at(), module, to: "service", stall: 40 + module.length * 6 });
  }
  tick(10);
  const requests = events.reduce((sum, event) => sum + (event.type === "traffic" ? event.requests : 0), 0);
  events.push({ type: "outcome", at: at(), requests, failed: 0, lost: 0, doubled: 0, longestStall: 96 });
  return events;
}

const BOUNDS = [1, 2, 3, 4, 5, 7.5, 10, 15, 20, 30, 50, 100];

function trafficAt(at: number, module: string, percent: number, random: () => number): (TrafficEvent & TimedEvent)[] {
  const total = 90 + Math.round(random() * 40);
  const toService = Math.round((total * percent) / 100);
  const answered = (side: TrafficEvent["side"], requests: number, slow: number): TrafficEvent & TimedEvent => {
    const counts = new Map<number, number>();
    for (let n = 0; n < requests; n++) {
      const ms = slow * 2 * Math.exp(2.2 * random() ** 3);
      const bound = BOUNDS.findIndex((bound) => ms <= bound);
      counts.set(bound, (counts.get(bound) ?? 0) + 1);
    }
    const latencies: LatencyBucket[] = [...counts]
      .sort(([a], [b]) => a - b)
      .map(([n, count]) => ({ from: BOUNDS[n - 1] ?? 0, to: BOUNDS[n]!, count }));
    const [p50, p99] = [percentile(0.5, latencies), percentile(0.99, latencies)];
    return {
      ...{ type: "traffic", at, module, side, requests, errors: 0, seconds: 1, rate: requests, latencies },
      ...(p50 !== undefined && p99 !== undefined && { p50, p99 }),
    };
  };
  return [answered("monolith", total - toService, 1), answered("service", toService, 1.4)];
}

/** Numbers from 0 to 1 that look random (mulberry32), the same each time. */
function generator(seed = 20_261_121): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
