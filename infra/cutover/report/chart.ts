import { durationText } from "../duration.ts";
import { count, counted } from "../event-text.ts";
import { SIDES } from "../../../services/chassis/src/ownership/standing.ts";
import { html, type Markup } from "./markup.ts";
import {
  errorsPanel,
  gridLine,
  hasErrors,
  latencyPanel,
  throughputPanel,
  tickLabel,
  weightsPanel,
  type Bins,
} from "./panels.ts";
import { clock, round, timeScale, type Box, type Scale } from "./scales.ts";
import { sum } from "../live/figures.ts";
import { binsOf, type ModuleTimeline } from "./timeline.ts";

export interface ChartOptions {
  /** Unique in the page. */
  id: string;
  title: string;
  /** What is drawn together: one module, or all of them. */
  timelines: readonly ModuleTimeline[];
  /** Milliseconds since 1970. */
  range: { from: number; to: number };
  /** Pixels. */
  width: number;
}

const MARGIN = { left: 44, right: 10 };
const ROW = 24;
const HEADING = 32;
const PANELS = { throughput: 120, latency: 110, errors: 34, weights: 34 };
/** Pixels of a bin at least. */
const FINEST = 4;

/** Steps, throughput, latencies, errors and (of one module) weights over the same time, one below the other. */
export function chart({ id, title, timelines, range, width }: ChartOptions): Markup {
  const label = timelines.length > 1 ? 64 : MARGIN.left;
  const inner = { left: label, width: width - label - MARGIN.right };
  const x = timeScale(range, { ...inner, top: 0, height: 0 });
  const bins = binsFor(timelines, range, Math.floor(inner.width / FINEST));
  const rows = { ...inner, top: 20, height: timelines.length * ROW };

  const panels: { height: number; draw: (box: Box) => Markup }[] = [
    { height: PANELS.throughput, draw: (box) => throughputPanel(bins, x, box) },
    { height: PANELS.latency, draw: (box) => latencyPanel(bins, x, box) },
    { height: hasErrors(bins) ? PANELS.errors : 0, draw: (box) => errorsPanel(bins, x, box) },
  ];
  const [only, another] = timelines;
  if (only && !another) {
    panels.push({ height: PANELS.weights, draw: (box) => weightsPanel(only.weights, x, box, range.to) });
  }
  let bottom = rows.top + rows.height;
  const drawn = panels.map(({ height, draw }) => {
    const box = { ...inner, top: bottom + HEADING, height };
    bottom = box.top + height;
    return draw(box);
  });

  const height = bottom + 24;
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc">
    <title id="${id}-title">${title}</title>
    <desc id="${id}-desc">${description(timelines, bins)}</desc>
    ${only && !another && bands(only, x, rows.top, bottom)} ${timeAxis(x, inner, rows.top, bottom)}
    ${timelines.map((one, n) => stepsRow(one, x, { ...rows, top: rows.top + n * ROW, height: ROW }, timelines.length > 1))}
    ${drawn} ${handoverLines(timelines, x, inner, rows.top, bottom)}
    ${hoverBins(bins, x, range.from, rows.top + rows.height, bottom)}
  </svg>`;
}

function binsFor(timelines: readonly ModuleTimeline[], range: ChartOptions["range"], count: number): Bins {
  const of = (side: "monolith" | "service") =>
    binsOf(
      timelines.flatMap(({ looks }) => looks[side]),
      range,
      count,
    );
  return { monolith: of("monolith"), service: of("service") };
}

/** What the drawing shows, for those who do not see it. */
function description(timelines: readonly ModuleTimeline[], bins: Bins): string {
  const sides = SIDES.map((side) => {
    const peak = Math.max(0, ...bins[side].map(({ p99 }) => p99 ?? 0));
    const [requests, errors] = [sum(bins[side], ({ requests }) => requests), sum(bins[side], ({ errors }) => errors)];
    return `The ${side} answered ${counted(requests, "request")}, ${count(errors)} of them with 5xx; its p99 was ${durationText(peak)} at most.`;
  });
  const handovers = timelines.flatMap(({ module, handovers }) =>
    handovers.map(({ to, stall }) => `${module} was handed over to the ${to}; writes waited ${durationText(stall)}.`),
  );
  return [...sides, ...handovers, "The table below has the figures."].join(" ");
}

/** The steps as bands behind everything. */
const bands = ({ spans }: ModuleTimeline, x: Scale, top: number, bottom: number): Markup[] =>
  spans.map(
    ({ step, from, to }) =>
      html`<rect
        class="band ${step}"
        x="${x(from)}"
        y="${top}"
        width="${widthOf(x, from, to)}"
        height="${bottom - top}"
      />`,
  );

const widthOf = (x: Scale, from: number, to: number): number => round(Math.max(1, x(to) - x(from)));

function timeAxis({ ticks }: Scale, { left, width }: { left: number; width: number }, top: number, bottom: number) {
  const labels = ticks.map(({ at, label }) => [
    gridLine({ x1: at, x2: at, y1: top, y2: bottom }),
    tickLabel(label, { x: Math.min(at, left + width - 10), y: bottom + 16, anchor: "middle" }),
  ]);
  return html`${labels}<line class="base" x1="${left}" x2="${left + width}" y1="${bottom}" y2="${bottom}" />`;
}

/** Pixels of a character, about. */
const CHARACTER = 6.2;

function stepsRow({ module, spans }: ModuleTimeline, x: Scale, { left, top }: Box, isNamed: boolean): Markup {
  const bars = spans.map(({ step, from, to, state }) => {
    const width = widthOf(x, from, to);
    const fits = width > step.length * CHARACTER + 8;
    const how = state === "done" ? `took ${durationText(to - from)}` : state === "failed" ? "failed" : "did not end";
    return html`<g
      ><title>${module} ${step} ${how}</title
      ><rect
        class="step ${step} ${state}"
        x="${x(from)}"
        y="${top + 2}"
        width="${width}"
        height="${ROW - 6}"
        rx="3"
      />${fits && html`<text class="label" x="${round(x(from) + 5)}" y="${top + 15}">${step}</text>`}</g
    >`;
  });
  const name = isNamed && html`<text class="row" x="${left - 8}" y="${top + 15}" text-anchor="end">${module}</text>`;
  return html`${name}${bars}`;
}

/** A line for each handover through all panels, labelled where there is room. */
function handoverLines(
  timelines: readonly ModuleTimeline[],
  x: Scale,
  { left, width }: { left: number; width: number },
  top: number,
  bottom: number,
): Markup[] {
  let free = -Infinity;
  const all = timelines.flatMap(({ handovers }) => handovers).sort((a, b) => a.at - b.at);
  return all.map(({ at, module, to, stall }) => {
    const text = `${timelines.length > 1 ? module : `→ ${to}`}, ${durationText(stall)}`;
    const long = text.length * CHARACTER;
    const begin = Math.max(left, Math.min(x(at) - long / 2, left + width - long));
    const fits = begin > free;
    if (fits) free = begin + long + 6;
    const label = html`<text class="label ${to}" x="${round(begin)}" y="${top - 6}">${text}</text>`;
    return html`<g
      ><title>${module} handed over to the ${to}; writes waited ${durationText(stall)}</title
      ><line class="handover ${to}" x1="${x(at)}" x2="${x(at)}" y1="${top}" y2="${bottom}" />${fits && label}</g
    >`;
  });
}

/** Invisible columns that tell their figures to whoever points at them. */
function hoverBins(bins: Bins, x: Scale, begin: number, top: number, bottom: number): Markup[] {
  const times = new Map(SIDES.flatMap((side) => bins[side].map(({ from, to }) => [from, to] as const)));
  return [...times].map(([from, to]) => {
    const texts = SIDES.map((side) => {
      const bin = bins[side].find((one) => one.from === from);
      if (!bin) return `${side}: –`;
      const p99 = bin.p99 === undefined ? "" : `, p99 ${durationText(bin.p99)}`;
      return `${side}: ${bin.rate.toFixed(1)}/s, ${bin.errors} errors${p99}`;
    });
    return html`<rect class="hover" x="${x(from)}" y="${top}" width="${widthOf(x, from, to)}" height="${bottom - top}"
      ><title>${[clock(from - begin), ...texts].join("\n")}</title></rect
    >`;
  });
}
