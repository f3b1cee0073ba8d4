import { scaleLinear, scaleLog, scaleUtc } from "d3-scale";

/** A part of a drawing, in pixels. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Tick {
  at: number;
  label: string;
}

/** Where a value lies in a drawing, and the ticks of its axis. */
export interface Scale {
  (value: number): number;
  ticks: Tick[];
}

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** From `from` to `to`, milliseconds since 1970, in a box; labelled with the time since `from`. */
export function timeScale({ from, to }: { from: number; to: number }, { left, width }: Box): Scale {
  const scale = scaleUtc([0, to - from], [left, left + width]);
  const ticks = scale
    .ticks(Math.max(2, Math.floor(width / 90)))
    .map((date) => tick(scale(date), clock(date.getTime())));
  return Object.assign((value: number) => round(scale(value - from)), { ticks });
}

/** `1:05`: minutes and seconds. */
export function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** From zero to a little more than `most`, upwards in a box. */
export function amountScale(most: number, { top, height }: Box, count = 3): Scale {
  const scale = scaleLinear([0, most > 0 ? most : 1], [top + height, top]).nice(count);
  const ticks = scale.ticks(count).map((value) => tick(scale(value), compact.format(value)));
  return Object.assign((value: number) => round(scale(value)), { ticks });
}

/** Latencies in ms, upwards in a box: each decade as high as the next, so that both the usual and the worst can be read. */
export function latencyScale(values: readonly number[], { top, height }: Box): Scale {
  const least = Math.max(0.1, Math.min(...values, 1000));
  const most = Math.max(...values, least * 10);
  const scale = scaleLog([least, most], [top + height, top]).nice();
  const decades = scale.ticks().filter((value) => Number.isInteger(Number(Math.log10(value).toFixed(9))));
  const ticks = decades.map((value) => tick(scale(value), value.toLocaleString("en")));
  return Object.assign((value: number) => round(scale(Math.max(least, value))), { ticks });
}

const tick = (at: number, label: string): Tick => ({ at: round(at), label });

/** A tenth of a pixel is enough. */
export const round = (value: number): number => Math.round(value * 10) / 10;
