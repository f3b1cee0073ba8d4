import pLimit from "p-limit";
import type { Send } from "../ask.ts";
import type { Change } from "../plan/change.ts";
import { referencesIn, resolve, type Attributes, type ResourceId } from "../reference.ts";
import { withGenerated } from "./generated.ts";
import { EndingError } from "../ending.ts";
import { runStep } from "./steps.ts";

/** What is told while it runs. */
export interface Progress {
  started: (change: Change) => void;
  waiting: (change: Change, until: string) => void;
  done: (change: Change, seconds: number) => void;
  failed: (change: Change, error: Error) => void;
}

export interface RunOptions {
  send: Send;
  /** What is known already; what is made is added. */
  known: Map<ResourceId, Attributes>;
  progress: Progress;
  /** Milliseconds between two questions while waiting, at first. */
  pace?: number;
  signal?: AbortSignal;
  /** Changes that are under way at a time, at most; all that can be, unless given. */
  atOnce?: number;
}

/** What became of a run. */
export interface Outcome {
  done: Change[];
  failed: { change: Change; error: Error }[];
  /** Not begun, for what they need has failed. */
  skipped: Change[];
}

/** Runs the changes, each as soon as what it needs is done; what does not depend on a failure is finished. */
export async function run(changes: readonly Change[], options: RunOptions): Promise<Outcome> {
  const outcome: Outcome = { done: [], failed: [], skipped: [] };
  const running = new Map<ResourceId, Promise<boolean>>();
  const byId = new Map(changes.map((change) => [change.id, change]));
  const limited = pLimit(options.atOnce ?? Infinity);

  const start = (change: Change): Promise<boolean> => {
    const started = running.get(change.id) ?? runAfterOthers(change);
    running.set(change.id, started);
    return started;
  };
  const runAfterOthers = async (change: Change): Promise<boolean> => {
    const others = change.after.flatMap((id) => byId.get(id) ?? []);
    const ready = await Promise.all(others.map(start));
    if (!ready.every(Boolean) || options.signal?.aborted) {
      outcome.skipped.push(change);
      return false;
    }
    return limited(() => runOne(change, options, outcome));
  };
  await Promise.all(changes.map(start));
  return outcome;
}

async function runOne(change: Change, options: RunOptions, outcome: Outcome): Promise<boolean> {
  const { send, known, progress, pace = 4000, signal } = options;
  const start = performance.now();
  progress.started(change);
  // Each resource learns for itself: what it makes anew has new ids.
  const attributes = (): Attributes => known.get(change.id) ?? {};
  try {
    for (const step of change.steps) {
      await runStep(step, {
        send,
        resolve: async (value) => withGenerated(resolved(value, known)),
        attributes,
        learn: (more) => known.set(change.id, { ...attributes(), ...more }),
        waiting: (until) => progress.waiting(change, until),
        pace,
        signal,
      });
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    outcome.failed.push({ change, error });
    progress.failed(change, error);
    return false;
  }
  outcome.done.push(change);
  progress.done(change, (performance.now() - start) / 1000);
  return true;
}

/** @throws EndingError when a reference leads to something that is not known */
function resolved<T>(value: T, known: Map<ResourceId, Attributes>): T {
  const result = resolve(value, ({ id, attribute }) => known.get(id)?.[attribute]);
  const missing = referencesIn(result).find(({ id }) => !id.startsWith("generated/"));
  if (missing) throw new EndingError("failed", `${missing.id} has no ${missing.attribute}`);
  return result;
}
