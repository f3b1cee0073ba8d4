import { SIDES, type Side } from "../../../services/chassis/src/ownership/standing.ts";
import { durationText } from "../duration.ts";
import { bytesText, count } from "../event-text.ts";
import { STEPS } from "../events.ts";
import { history, recentFigures } from "./figures.ts";
import { bar, renderLine, sparkline, wrap, type Span } from "./spans.ts";
import type { ModuleView, SideView, StepView, View } from "./view.ts";

export interface Drawing {
  /** Milliseconds since 1970. */
  now: number;
  /** Width of the terminal. */
  columns: number;
  colour: boolean;
}

const SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const FRAME = 100;

/** The view as lines, none wider than the terminal. */
export function draw(view: View, { now, columns, colour }: Drawing): string[] {
  const name = Math.max(0, ...view.modules.map(({ module }) => module.length)) + 2;
  const lines: Span[][] = [
    ...view.modules.filter(({ steps }) => steps.size > 0).map((one) => stepsLine(one, name, now)),
    ...section(view.modules.flatMap((one) => copyLines(one, name, columns))),
    ...section(trafficLines(view.modules, name, columns)),
    ...section(view.notes.flatMap(({ at, text, bad }) => noteLines(at - (view.started ?? at), text, bad, columns))),
  ];
  return lines.map((spans) => renderLine(spans, columns, colour));
}

const section = (lines: Span[][]): Span[][] => (lines.length > 0 ? [[""], ...lines] : []);

function stepsLine({ module, steps }: ModuleView, name: number, now: number): Span[] {
  const known = STEPS.flatMap((step) => {
    const view = steps.get(step);
    return view ? ["  ", stepSpan(step, view, now)] : [];
  });
  return [["bold", module.padEnd(name - 2)], ...known];
}

function stepSpan(step: string, { state, since, ms }: StepView, now: number): Span {
  const took = ms === undefined ? "" : ` ${durationText(ms)}`;
  switch (state) {
    case "started":
      return ["cyan", `${SPINNER[Math.floor(now / FRAME) % SPINNER.length]} ${step} ${durationText(now - since)}`];
    case "done":
      return ["green", `✔ ${step}${took}`];
    case "skipped":
      return ["dim", `✔ ${step}`];
    case "failed":
      return ["red", `✖ ${step}${took}`];
    default:
      return ["dim", `· ${step}`];
  }
}

/** How far the copy is, while it is made, and how far it is behind. */
function copyLines({ module, steps, copy, lag }: ModuleView, name: number, columns: number): Span[][] {
  const lines: Span[][] = [];
  const state = steps.get("prepare")?.state;
  if (copy && (state === "started" || state === undefined)) {
    const share = copy.total > 0 ? Math.min(1, copy.rows / copy.total) : 0;
    const figures = `${Math.floor(share * 100)} %  ${count(copy.rows)} of ${count(copy.total)} rows, ${count(copy.rate)}/s`;
    const width = Math.max(8, Math.min(40, columns - name - figures.length - 10));
    lines.push([module.padEnd(name), "copied  ", ["cyan", bar(share, width)], `  ${figures}`]);
  }
  if (lag) {
    const late = lag.seconds > 2;
    const text = `${bytesText(lag.bytes)}, ${durationText(lag.seconds * 1000)}`;
    lines.push([module.padEnd(name), "behind  ", late ? ["yellow", text] : text]);
  }
  return lines;
}

/** Widths of columns; the sparklines get what is left. */
const SIDE = 11;
const WEIGHT = 6;
const RATE = 9;
const ERRORS = 8;
const LATENCY = 10;

function trafficLines(modules: readonly ModuleView[], name: number, columns: number): Span[][] {
  const shown = modules.filter(({ traffic }) => SIDES.some((side) => traffic[side].looks.length > 0));
  if (shown.length === 0) return [];
  const left = columns - name - SIDE - WEIGHT - RATE - ERRORS - 2 * LATENCY - 2;
  const spark = Math.max(0, Math.min(30, Math.floor(left / 2)));
  const gap = " ".repeat(spark + 1);
  const heading = [
    `${" ".repeat(name + SIDE)}${"weight".padStart(WEIGHT)}`,
    `${"req/s".padStart(RATE)}${gap}${"errors".padStart(ERRORS)}`,
    `${"p50".padStart(LATENCY)}${"p99".padStart(LATENCY)}`,
  ].join("");
  const rows = shown.flatMap((one) => SIDES.map((side) => sideLine(one, side, name, spark)));
  return [[["dim", heading]], ...rows];
}

function sideLine({ module, owner, percent, traffic }: ModuleView, side: Side, name: number, spark: number): Span[] {
  const weight = percent === undefined ? "" : `${side === "service" ? percent : 100 - percent} %`;
  return [
    (side === "monolith" ? module : "").padEnd(name),
    // The owner of the module is marked.
    [owner === side ? "bold" : "reset", `${side}${owner === side ? " ◆" : ""}`.padEnd(SIDE)],
    ["dim", weight.padStart(WEIGHT)],
    ...sideSpans(traffic[side], spark),
  ];
}

/** Seconds that the sparklines show. */
const STRETCH = 60;

/** The last figures of a side, and all its errors. */
function sideSpans({ looks, errors }: SideView, spark: number): Span[] {
  const { rate, p50, p99 } = recentFigures(looks);
  const past = history(looks, STRETCH, spark);
  const rates = past.map(({ rate }) => rate);
  const slowest = past.map(({ p99 }) => p99);
  const latency = (ms: number | undefined) => (ms === undefined ? "–" : durationText(ms)).padStart(LATENCY);
  return [
    (looks.length > 0 ? rate.toFixed(rate < 100 ? 1 : 0) : "–").padStart(RATE),
    ["cyan", ` ${sparkline(rates, spark)}`],
    [errors > 0 ? "red" : "reset", count(errors).padStart(ERRORS)],
    latency(p50),
    latency(p99),
    ["yellow", ` ${sparkline(slowest, spark)}`],
  ];
}

const NOTE_INDENT = 12;

/** Reasons may be long, and are needed whole. */
const noteLines = (sinceStart: number, text: string, bad: boolean, columns: number): Span[][] =>
  wrap(text, columns - NOTE_INDENT).map((part, n) => [
    ["dim", (n === 0 ? durationText(sinceStart) : "").padStart(NOTE_INDENT - 2)],
    "  ",
    bad ? ["red", part] : part,
  ]);
