import type { Side } from "../../../services/chassis/src/ownership/standing.ts";
import type { HandoverEvent, StepName, TimedEvent, TrafficEvent, WeightsEvent } from "../events.ts";
import { figuresOf, sum, type TrafficFigures } from "../live/figures.ts";

/** A step as it was taken: milliseconds since 1970. */
export interface Span {
  module: string;
  step: StepName;
  from: number;
  to: number;
  state: "done" | "failed" | "running";
}

export type Timed<E> = E & { at: number };

/** What one side did in a piece of time. */
export interface Bin extends TrafficFigures {
  /** Milliseconds since 1970. */
  from: number;
  to: number;
  /** Requests per second. */
  rate: number;
}

/** All events of one type. */
export const ofType = <T extends TimedEvent["type"]>(events: readonly TimedEvent[], type: T) =>
  events.filter((event): event is Extract<TimedEvent, { type: T }> => event.type === type);

/** The steps that were taken, in the order of their beginning. One that never ended runs until `end`. */
export function spansOf(events: readonly TimedEvent[], end: number): Span[] {
  const spans: Span[] = [];
  for (const { module, step, state, at } of ofType(events, "step")) {
    const open = spans.find((span) => span.module === module && span.step === step && span.state === "running");
    if (state === "started") spans.push({ module, step, from: at, to: end, state: "running" });
    else if (open && (state === "done" || state === "failed")) Object.assign(open, { to: at, state });
  }
  return spans;
}

/** The whole recording: milliseconds since 1970. */
export function rangeOf(events: readonly TimedEvent[]): { from: number; to: number } {
  const times = events.map(({ at }) => at);
  const begins = ofType(events, "traffic").map(({ at, seconds }) => at - seconds * 1000);
  const from = [...times, ...begins].reduce((least, time) => Math.min(least, time), times[0] ?? 0);
  const to = times.reduce((most, time) => Math.max(most, time), from);
  return { from, to: Math.max(to, from + 1000) };
}

/** Looks at one side, put together so that there are at most `count` of them. */
export function binsOf(
  looks: readonly Timed<TrafficEvent>[],
  { from, to }: { from: number; to: number },
  count: number,
) {
  const width = Math.max(1000, Math.ceil((to - from) / count / 1000) * 1000);
  const groups = new Map<number, Timed<TrafficEvent>[]>();
  for (const look of looks) {
    // By its middle: a look belongs to the time before it.
    const n = Math.floor((look.at - look.seconds * 500 - from) / width);
    groups.set(n, [...(groups.get(n) ?? []), look]);
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([n, group]) => binOf(group, from + n * width, from + (n + 1) * width));
}

function binOf(looks: readonly Timed<TrafficEvent>[], from: number, to: number): Bin {
  // Several modules are looked at in the same seconds.
  const seconds = sum(looks, ({ seconds }) => seconds) / new Set(looks.map(({ module }) => module)).size;
  const figures = figuresOf(looks);
  return { from, to, ...figures, rate: seconds > 0 ? figures.requests / seconds : 0 };
}

/** What happened to one module. */
export interface ModuleTimeline {
  module: string;
  spans: Span[];
  handovers: Timed<HandoverEvent>[];
  weights: Timed<WeightsEvent>[];
  looks: Record<Side, Timed<TrafficEvent>[]>;
}

/** Names of all modules, in the order in which something was done with them. */
export const modulesIn = (events: readonly TimedEvent[], spans: readonly Span[]): string[] => [
  ...new Set([
    ...spans.map(({ module }) => module),
    ...events.flatMap((event) => ("module" in event ? [event.module] : [])),
  ]),
];

/** The timelines of all modules. */
export function timelinesOf(events: readonly TimedEvent[], end: number): ModuleTimeline[] {
  const spans = spansOf(events, end);
  return modulesIn(events, spans).map((module) => {
    const own = events.filter((event) => "module" in event && event.module === module);
    const traffic = ofType(own, "traffic");
    return {
      module,
      spans: spans.filter((span) => span.module === module),
      handovers: ofType(own, "handover"),
      weights: ofType(own, "weights"),
      looks: {
        monolith: traffic.filter(({ side }) => side === "monolith"),
        service: traffic.filter(({ side }) => side === "service"),
      },
    };
  });
}
