import type { LatencyBucket } from "../events.ts";
import { parsePrometheus, type Sample } from "./prometheus.ts";

/** What a task has counted for a module since its start. */
export interface Counter {
  requests: number;
  /** Answers 5xx. */
  errors: number;
  /** Answers that took at most so many seconds: count by bound. */
  within: Map<number, number>;
}

/** All that a task has counted. */
export interface Counters {
  /** Seconds since 1970: when the task started. */
  started: number;
  modules: Map<string, Counter>;
}

const DURATION = "http_request_duration_seconds";
const STARTED = "process_start_time_seconds";

/** What the metrics of a task say of these modules: their routes begin with `/api/MODULE`. */
export function readCounters(text: string, modules: readonly string[]): Counters {
  const samples = parsePrometheus(text, [`${DURATION}_bucket`, `${DURATION}_count`, STARTED]);
  const started = samples.find(({ name }) => name === STARTED)?.value ?? 0;
  const counters: Counters = { started, modules: new Map(modules.map((module) => [module, none()])) };
  for (const sample of samples) {
    const counter = counters.modules.get(moduleOf(sample) ?? "");
    if (counter) add(counter, sample);
  }
  return counters;
}

const none = (): Counter => ({ requests: 0, errors: 0, within: new Map() });

/**
 * Requests of clients come by the balancer. What the other side has handed on is counted there, where the client asked;
 * services that ask one another, and the comparison of answers, are not traffic.
 */
const moduleOf = ({ labels }: Sample): string | undefined =>
  labels["sender"] === "balancer" ? /^\/api\/([^/]+)/.exec(labels["route"] ?? "")?.[1] : undefined;

function add(counter: Counter, { name, labels, value }: Sample): void {
  if (name === `${DURATION}_bucket`) {
    const bound = labels["le"] === "+Inf" ? Infinity : Number(labels["le"]);
    counter.within.set(bound, (counter.within.get(bound) ?? 0) + value);
    return;
  }
  counter.requests += value;
  if ((labels["status"] ?? "").startsWith("5")) counter.errors += value;
}

/** What came between two looks at a task. */
export interface Increase {
  requests: number;
  errors: number;
  latencies: LatencyBucket[];
}

/**
 * What a task has counted for a module since `before`, the look before. A task that has restarted since then counts from
 * its start; one that was never seen counts from now on.
 */
export function increase(module: string, before: Counters | undefined, now: Counters): Increase {
  const counter = now.modules.get(module) ?? none();
  const last = (before ?? now).modules.get(module) ?? none();
  const restarted = before !== undefined && (before.started !== now.started || counter.requests < last.requests);
  const base = restarted ? none() : last;
  return {
    requests: counter.requests - base.requests,
    errors: Math.max(0, counter.errors - base.errors),
    latencies: bucketsBetween(base, counter),
  };
}

function bucketsBetween(before: Counter, now: Counter): LatencyBucket[] {
  let [from, below] = [0, 0];
  const buckets: LatencyBucket[] = [];
  for (const bound of [...now.within.keys()].sort((a, b) => a - b)) {
    const within = now.within.get(bound)! - (before.within.get(bound) ?? 0);
    const to = bound === Infinity ? null : Number((bound * 1000).toPrecision(12));
    if (within > below) buckets.push({ from, to, count: within - below });
    [from, below] = [to ?? from, Math.max(below, within)];
  }
  return buckets;
}
