/** How nginx's configuration is written. */

/** A directive within a block: its name, or what it matches, and its value. */
export type Line = readonly [string, string];

/** A block with a line for each directive. */
export const block = (head: string, lines: readonly Line[]): string =>
  [`${head} {`, ...lines.map(([key, value]) => `  ${key} ${value};`), "}"].join("\n");

/** A string for nginx's configuration, which takes off one layer of backslashes. */
export const quote = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`;
