import { styleText } from "node:util";

export type Style = Parameters<typeof styleText>[0];
/** A piece of a line, with its style; every character is one column wide. */
export type Span = string | [style: Style, text: string];

/** A line of spans cut to a width, with an ellipsis where something is missing. */
export function renderLine(spans: readonly Span[], width: number, colour: boolean): string {
  const length = spans.reduce((sum, span) => sum + [...textOf(span)].length, 0);
  let left = length > width ? width - 1 : width;
  const shown = spans.map((span) => {
    const text = [...textOf(span)].slice(0, left).join("");
    left -= [...text].length;
    return colour && typeof span !== "string" && text !== ""
      ? styleText(span[0], text, { validateStream: false })
      : text;
  });
  return `${shown.join("")}${length > width ? "…" : ""}`;
}

const textOf = (span: Span): string => clean(typeof span === "string" ? span : span[1]);

/** Messages of others may hold line breaks and control characters, which would break the drawing. */
const clean = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");

/** A text as lines of at most `width` columns where its words allow it. */
export function wrap(text: string, width: number): string[] {
  const lines = [""];
  for (const word of clean(text).split(/ +/)) {
    const line = lines.at(-1)!;
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const BLOCKS = "▁▂▃▄▅▆▇█";

/** The last values as a row of blocks, `width` columns wide; nothing is drawn for what is unknown. */
export function sparkline(values: readonly (number | undefined)[], width: number): string {
  const last = values.slice(-width);
  const top = Math.max(...last.map((value) => value ?? 0), Number.MIN_VALUE);
  const block = (value: number | undefined) =>
    value === undefined ? " " : BLOCKS[Math.min(BLOCKS.length - 1, Math.floor((value / top) * BLOCKS.length))]!;
  return last.map(block).join("").padStart(width);
}

/** A bar of `width` columns, filled to `share` (0 to 1). */
export function bar(share: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return "█".repeat(full) + "░".repeat(width - full);
}
