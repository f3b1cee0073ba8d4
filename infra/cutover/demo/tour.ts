/** What the demo does with a forum: everything there, back, and there again, while people use it. */
import { setTimeout as sleep } from "node:timers/promises";
import { stamped, type EventSink, type TimedEvent } from "../events.ts";
import { modules } from "../module.ts";
import type { Prepared } from "../steps/prepare.ts";
import type { Target } from "../targets/target.ts";
import { auditForum } from "./everything.ts";
import type { DemoForum } from "./forum.ts";
import type { Audit } from "./ledger.ts";
import { startLoad, type Load } from "./load.ts";
import { moveAll } from "./moves.ts";
import type { Narrator, Stage } from "./narrator.ts";
import { olderPosts } from "./older-posts.ts";

export interface TourOptions {
  forum: DemoForum;
  narrator: Narrator;
  clients: number;
  /** Requests per second. */
  rate: number;
  /** Posts that the monolith has beside the sample's. */
  posts: number;
  /** Milliseconds of load before the first step and after the last one. */
  calm: number;
  /** Milliseconds that each weight of a canary has to prove itself. */
  bake: number;
  signal: AbortSignal;
}

/** All that was seen. */
export interface Seen {
  load: Load;
  audit: Audit;
  events: TimedEvent[];
  copies: Prepared[];
  /** Moments of `performance.now()`. */
  times: { loaded: number; firstStep: number; lastStep: number; end: number };
}

/** Gives what was seen. @throws UserError when something could not be done */
export async function tour(options: TourOptions): Promise<Seen> {
  const { forum, narrator, clients, rate, posts, calm, signal } = options;
  const events: TimedEvent[] = [];
  const listeners = new Set<EventSink>([narrator.event]);
  const copies: Prepared[] = [];
  const report: EventSink = (event) => {
    const timed = stamped(event);
    events.push(timed);
    for (const hear of listeners) hear(timed);
  };
  const listening = async <T>(hear: EventSink, work: () => Promise<T>): Promise<T> => {
    listeners.add(hear);
    return work().finally(() => listeners.delete(hear));
  };
  const moves = { target: noting(forum.target, copies), report, listening, bake: options.bake, signal };

  await forum.query(olderPosts(posts));
  const loading = narrator.progress("clients log in", clients);
  const began = Date.now();
  const load = await startLoad({ url: forum.url, clients, rate, onReady: loading, signal });
  const loaded = performance.now();

  const stop = new AbortController();
  // What the watch cannot see is not shown; the moves do not depend on it, and a canary that sees nothing goes back.
  const watching = forum.target.watch(modules, report, AbortSignal.any([stop.signal, signal])).catch(narrator.warn);
  const rest = async (stage: Stage) => {
    narrator.stage(stage);
    await sleep(calm, undefined, { signal });
    narrator.endStage();
  };
  try {
    await rest("before");
    const firstStep = performance.now();
    for (const [stage, to] of [
      ["there", "service"],
      ["back", "monolith"],
      ["again", "service"],
    ] as const) {
      narrator.stage(stage);
      await moveAll(to, moves);
      narrator.endStage();
    }
    const lastStep = performance.now();
    await rest("after");
    const end = performance.now();
    await load.stop();
    stop.abort();
    await watching;
    narrator.stage("count");
    const audit = await auditForum(forum.url, load.ledger.entries, began);
    narrator.endStage();
    return { load, audit, events, copies, times: { loaded, firstStep, lastStep, end } };
  } finally {
    stop.abort();
    await load.stop();
  }
}

/** The target, and its copies on record. */
const noting = (target: Target, copies: Prepared[]): Target => ({
  ...target,
  async step(name, module, options, report) {
    const result = await target.step(name, module, options, report);
    if (name === "prepare") copies.push(result as Prepared);
    return result;
  },
});
