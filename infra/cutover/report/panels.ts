import { area, line } from "d3-shape";
import { SIDES, type Side } from "../../../services/chassis/src/ownership/standing.ts";
import type { WeightsEvent } from "../events.ts";
import { html, type Markup } from "./markup.ts";
import { amountScale, latencyScale, round, type Box, type Scale } from "./scales.ts";
import type { Bin, Timed } from "./timeline.ts";

/** The bins of both sides. */
export type Bins = Record<Side, Bin[]>;

const middle = ({ from, to }: Bin): number => (from + to) / 2;

/** Requests per second of both sides, one on top of the other. */
export function throughputPanel(bins: Bins, x: Scale, box: Box): Markup {
  const columns = columnsOf(bins);
  const y = amountScale(Math.max(...columns.map(({ monolith, service }) => monolith + service)), box);
  const shape = (lower: (one: Column) => number, upper: (one: Column) => number) =>
    area<Column>(
      ({ at }) => x(at),
      (one) => y(lower(one)),
      (one) => y(upper(one)),
    ).digits(1)(columns) ?? "";
  const ofMonolith = shape(
    () => 0,
    ({ monolith }) => monolith,
  );
  const ofService = shape(
    ({ monolith }) => monolith,
    ({ monolith, service }) => monolith + service,
  );
  return html`${axis("requests/s", y, box)}<path class="area monolith" d="${ofMonolith}" /><path
      class="area service"
      d="${ofService}"
    />`;
}

interface Column {
  at: number;
  monolith: number;
  service: number;
}

/** Rates of both sides at the same times. */
function columnsOf(bins: Bins): Column[] {
  const columns = new Map<number, Column>();
  for (const side of SIDES) {
    for (const bin of bins[side]) {
      const column = columns.get(bin.from) ?? { at: middle(bin), monolith: 0, service: 0 };
      columns.set(bin.from, { ...column, [side]: bin.rate });
    }
  }
  return [...columns.values()].sort((a, b) => a.at - b.at);
}

/** p50 and p99 of both sides; a line is broken where a side answered nothing. */
export function latencyPanel(bins: Bins, x: Scale, box: Box): Markup {
  const values = SIDES.flatMap((side) =>
    bins[side].flatMap(({ p50, p99 }) => [p50, p99].filter((ms) => ms !== undefined)),
  );
  const y = latencyScale(values, box);
  const path = (side: Side, which: "p50" | "p99") =>
    line<Bin>(
      (bin) => x(middle(bin)),
      (bin) => y(bin[which]!),
    )
      .defined((bin) => bin[which] !== undefined)
      .digits(1)(bins[side]) ?? "";
  const lines = SIDES.flatMap((side) =>
    (["p50", "p99"] as const).map((which) => html`<path class="line ${side} ${which}" d="${path(side, which)}" />`),
  );
  return html`${axis("latency in ms: p99 bold, p50 thin", y, box)}${lines}`;
}

export const hasErrors = (bins: Bins): boolean => SIDES.some((side) => bins[side].some(({ errors }) => errors > 0));

/** Answers 5xx of both sides, as bars; a line of text where there are none. */
export function errorsPanel(bins: Bins, x: Scale, box: Box): Markup {
  if (!hasErrors(bins)) return heading("answers 5xx: none", box);
  const y = amountScale(Math.max(...SIDES.flatMap((side) => bins[side].map(({ errors }) => errors)), 1), box, 1);
  const bars = SIDES.flatMap((side, n) =>
    bins[side]
      .filter(({ errors }) => errors > 0)
      .map(({ from, to, errors }) => {
        const half = (x(to) - x(from)) / 2;
        const bar = { x: round(x(from) + n * half), y: y(errors), height: round(y(0) - y(errors)) };
        const width = round(Math.max(1, half));
        return html`<rect class="error ${side}" x="${bar.x}" y="${bar.y}" width="${width}" height="${bar.height}" />`;
      }),
  );
  return html`${axis("answers 5xx", y, box)}${bars}`;
}

/** The service's share of the balancer's weights, in percent. */
export function weightsPanel(weights: readonly Timed<WeightsEvent>[], x: Scale, box: Box, end: number): Markup {
  const y = amountScale(100, box, 1);
  const first = weights[0];
  const path = first && [
    `M${x(first.at)},${y(first.percent)}`,
    ...weights.slice(1).map(({ at, percent }) => `H${x(at)}V${y(percent)}`),
    `H${x(end)}`,
  ];
  return html`${axis("% sent to the service first", y, box)}${path && html`<path class="line weight" d="${path.join("")}" />`}`;
}

/** The heading of a panel, its ticks and their lines. */
function axis(title: string, { ticks }: Scale, box: Box): Markup {
  const { left, width } = box;
  const lines = ticks.map(({ at, label }) => [
    gridLine({ x1: left, x2: left + width, y1: at, y2: at }),
    tickLabel(label, { x: left - 6, y: round(at + 3.5), anchor: "end" }),
  ]);
  return html`${lines}${heading(title, box)}`;
}

const heading = (text: string, { left, top }: Box): Markup =>
  html`<text class="heading" x="${left}" y="${top - 9}">${text}</text>`;

/** A line behind the figures. */
export const gridLine = ({ x1, x2, y1, y2 }: Record<"x1" | "x2" | "y1" | "y2", number>): Markup =>
  html`<line class="grid" x1="${x1}" x2="${x2}" y1="${y1}" y2="${y2}" />`;

/** What stands at a tick of an axis. */
export const tickLabel = (
  label: string,
  { x, y, anchor }: { x: number; y: number; anchor: "end" | "middle" },
): Markup => html`<text class="tick" x="${x}" y="${y}" text-anchor="${anchor}">${label}</text>`;
