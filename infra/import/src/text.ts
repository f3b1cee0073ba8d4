/** Most code points that the API takes for each kind of text. */
export const limits = { names: 100, titles: 200, bios: 2000, texts: 30_000 };

export type TextKind = keyof typeof limits;

/** How many values of each kind were too long. */
export type Cuts = Record<TextKind, number>;

/** The value without what PostgreSQL and the API refuse: U+0000 goes, a lone surrogate becomes U+FFFD. */
export const clean = (value: string): string => value.replaceAll("\0", "").toWellFormed();

/** A cleaned value, or the fallback where nothing visible is in it. */
export function visible(value: string | undefined, fallback: string): string {
  const cleaned = clean(value ?? "");
  return /\S/u.test(cleaned) ? cleaned : fallback;
}

/** The value with at most as many code points as its kind may have; one that was longer ends in "…" and is counted. */
export function fit(value: string, kind: TextKind, cuts: Cuts): string {
  const max = limits[kind];
  if (value.length <= max) return value;
  // A code point has at most two UTF-16 units: no need to look at more of a very long value.
  const start = Array.from(value.slice(0, 2 * max + 2));
  if (start.length <= max) return value;
  cuts[kind]++;
  // A tag that the cut left open would swallow what a page shows after it.
  return `${start
    .slice(0, max - 1)
    .join("")
    .replace(/<[^<>]*$/, "")}…`;
}
