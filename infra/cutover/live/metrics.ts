import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import type { Side } from "../../../services/chassis/src/ownership/standing.ts";
import type { TrafficEvent } from "../events.ts";
import { increase, readCounters, type Counters, type Increase } from "./counters.ts";
import { sum } from "./figures.ts";
import { mergeBuckets, percentile } from "./percentile.ts";

/** The metrics of one task, in Prometheus's text format. */
export interface TaskMetrics {
  /** Tells it from the other tasks, and stays the same while it lives. */
  task: string;
  text: string;
}

/** Where the metrics of one side come from. */
export interface MetricsSource {
  side: Side;
  /** The modules that this side answers for: all of them for the monolith, one for a service. */
  modules: readonly string[];
  /** The metrics of all tasks that answer now; none where none does. */
  read(signal: AbortSignal): Promise<TaskMetrics[]>;
}

/** A source whose tasks are asked over HTTP; `addresses` (`http://HOST:METRICS_PORT`) is called anew at each look. */
export const httpSource = (
  side: Side,
  modules: readonly string[],
  addresses: () => readonly string[] | Promise<readonly string[]>,
): MetricsSource => ({
  side,
  modules,
  async read(signal) {
    const asked = await Promise.allSettled((await addresses()).map((address) => readTask(address, signal)));
    // A task that does not answer is starting or stopping: the others still count.
    return asked.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  },
});

async function readTask(address: string, signal: AbortSignal): Promise<TaskMetrics> {
  const { statusCode, body } = await request(`${address}/metrics`, { signal });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${address}/metrics answered ${statusCode}.`);
  return { task: address, text };
}

/** What was seen of a task, and when: ms. */
interface Look {
  at: number;
  counters: Counters;
}

/**
 * Compares each look at the tasks with the one before: an event for each module and side of the source, the sum over its
 * tasks. The first look gives none, nor does one at which no task answered: that is not the same as no requests.
 */
export function trafficReader({ side, modules }: Pick<MetricsSource, "side" | "modules">) {
  const looks = new Map<string, Look>();
  let lastAt: number | undefined;
  return (tasks: readonly TaskMetrics[], at: number): (TrafficEvent & { at: number })[] => {
    if (tasks.length === 0) return [];
    const now = tasks.map(({ task, text }) => ({ task, at, counters: readCounters(text, modules) }));
    const seconds = lastAt === undefined ? 0 : (at - lastAt) / 1000;
    const events = modules.map((module) =>
      trafficEvent(
        { module, side, at, seconds },
        now.map(({ task, counters }) => increase(module, looks.get(task)?.counters, counters)),
      ),
    );
    for (const { task, ...look } of now) looks.set(task, look);
    lastAt = at;
    return seconds > 0 ? events : [];
  };
}

function trafficEvent(about: { module: string; side: Side; at: number; seconds: number }, tasks: readonly Increase[]) {
  const requests = sum(tasks, (one) => one.requests);
  const latencies = mergeBuckets(tasks.map((one) => one.latencies));
  const [p50, p99] = [percentile(0.5, latencies), percentile(0.99, latencies)];
  return {
    type: "traffic" as const,
    ...about,
    ...{ requests, errors: sum(tasks, (one) => one.errors), rate: requests / about.seconds, latencies },
    ...(p50 !== undefined && p99 !== undefined && { p50, p99 }),
  };
}

export interface WatchOptions {
  sources: readonly MetricsSource[];
  /** Milliseconds between two looks. */
  every: number;
  onEvent: (event: TrafficEvent & { at: number }) => void;
  /** Ends the watch. */
  signal: AbortSignal;
}

/** Looks at the tasks of all sources again and again until `signal`; then resolves. A source that fails is asked again. */
export async function watchTraffic({ sources, every, onEvent, signal }: WatchOptions): Promise<void> {
  const readers = sources.map((source) => ({ source, events: trafficReader(source) }));
  while (!signal.aborted) {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(every)]);
    const looks = readers.map(async ({ source, events }) => {
      const tasks = await source.read(deadline).catch(() => []);
      if (!signal.aborted) events(tasks, Date.now()).forEach(onEvent);
    });
    await Promise.all([sleep(every, undefined, { signal }).catch(() => {}), ...looks]);
  }
}
