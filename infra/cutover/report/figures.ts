import type { Side } from "../../../services/chassis/src/ownership/standing.ts";
import type { OutcomeEvent, TimedEvent, VerifiedEvent } from "../events.ts";
import { figuresOf, sum, type TrafficFigures } from "../live/figures.ts";
import { modulesIn, ofType, spansOf, type Span } from "./timeline.ts";

/** The traffic of all modules and both sides in a part of the recording. */
export interface Phase extends TrafficFigures {
  name: "before" | "during" | "after";
}

export interface ModuleFigures {
  module: string;
  /** Rows of the initial copy, and rows per second. */
  copied?: { rows: number; rate: number };
  /** The last comparison. */
  verified?: VerifiedEvent;
  /** Every handover: where to, and for how many milliseconds writes waited. */
  handovers: { to: Side; stall: number }[];
  /** Steps that failed and were not done later. */
  failed: Span[];
}

/** The figures at the top of the report. */
export interface Figures {
  phases: Phase[];
  modules: ModuleFigures[];
  /** What those who drove the load found; without it nobody has looked for lost writes. */
  outcome?: OutcomeEvent;
  requests: number;
  /** Without an answer or answered 5xx; without an outcome only the latter are known. */
  failed: number;
  /** Milliseconds; of handovers only, where no outcome tells of all writes. */
  longestStall?: number;
  /** Rows per second over all initial copies. */
  copyRate?: number;
  verdict: "good" | "bad" | "unfinished";
}

/** What the events say in figures. */
export function summarize(events: readonly TimedEvent[], end: number): Figures {
  const spans = spansOf(events, end);
  const outcome = ofType(events, "outcome").at(-1);
  const looks = ofType(events, "traffic");
  const modules = modulesIn(events, spans).map((module) => moduleFigures(module, events, spans));
  const stalls = modules.flatMap(({ handovers }) => handovers.map(({ stall }) => stall));
  const longestStall = outcome?.longestStall ?? (stalls.length > 0 ? Math.max(...stalls) : undefined);
  const copies = modules.flatMap(({ copied }) => copied ?? []).filter(({ rate }) => rate > 0);
  const copyRate = sum(copies, ({ rows }) => rows) / sum(copies, ({ rows, rate }) => rows / rate);
  const failed = outcome?.failed ?? sum(looks, ({ errors }) => errors);
  return {
    phases: phasesOf(events, spans),
    modules,
    ...(outcome && { outcome }),
    requests: outcome?.requests ?? sum(looks, ({ requests }) => requests),
    failed,
    ...(longestStall !== undefined && { longestStall }),
    ...(Number.isFinite(copyRate) && { copyRate }),
    verdict: verdictOf(modules, spans, failed, outcome),
  };
}

function verdictOf(
  modules: ModuleFigures[],
  spans: Span[],
  failed: number,
  outcome?: OutcomeEvent,
): Figures["verdict"] {
  const different = modules.some(({ verified }) => verified && verified.differences.length > 0);
  if (different || failed > 0 || (outcome && outcome.lost + outcome.doubled > 0)) return "bad";
  const isOpen = spans.some(({ state }) => state === "running") || modules.some(({ failed }) => failed.length > 0);
  return isOpen ? "unfinished" : "good";
}

function moduleFigures(module: string, events: readonly TimedEvent[], spans: readonly Span[]): ModuleFigures {
  const own = events.filter((event) => "module" in event && event.module === module);
  const verified = ofType(own, "verified").at(-1);
  const copied = copyOf(
    own,
    spans.find((span) => span.module === module && span.step === "prepare"),
  );
  const last = new Map(spans.filter((span) => span.module === module).map((span) => [span.step, span]));
  return {
    module,
    ...(copied && { copied }),
    ...(verified && { verified }),
    handovers: ofType(own, "handover").map(({ to, stall }) => ({ to, stall })),
    failed: [...last.values()].filter(({ state }) => state === "failed"),
  };
}

/** By its progress; a copy that was done at the first look took at most the whole of its step. */
function copyOf(events: readonly TimedEvent[], prepare: Span | undefined): ModuleFigures["copied"] {
  const progress = ofType(events, "progress");
  const [first, last] = [progress[0], progress.findLast(({ rows }, n) => rows !== progress[n - 1]?.rows)];
  if (!first || !last) return undefined;
  const [rows, ms] = last.at > first.at ? [last.rows - first.rows, last.at - first.at] : [last.rows, spanMs(prepare)];
  return { rows: last.rows, rate: ms > 0 ? (rows * 1000) / ms : 0 };
}

const spanMs = (span: Span | undefined): number => (span ? span.to - span.from : 0);

/** Before the first step, from there to the end of the last one, and after it. Parts without requests are left out. */
function phasesOf(events: readonly TimedEvent[], spans: readonly Span[]): Phase[] {
  const begin = Math.min(...spans.map(({ from }) => from));
  const end = Math.max(...spans.map(({ to }) => to));
  const phaseAt = (at: number) => (at <= begin && spans.length > 0 ? "before" : at > end ? "after" : "during");
  const looks = ofType(events, "traffic");
  return (["before", "during", "after"] as const)
    .map((name): Phase => {
      const figures = figuresOf(looks.filter(({ at }) => phaseAt(at) === name));
      return Object.assign(figures, { name });
    })
    .filter(({ requests }) => requests > 0);
}
