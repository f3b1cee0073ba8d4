/** A piece of HTML or SVG, safe to be put into a page. */
export interface Markup {
  readonly markup: string;
}

type Value = Markup | string | number | undefined | false | readonly Value[];

/**
 * A template of HTML or SVG. What is put in is escaped, also for quoted attributes, unless it is markup itself; lists are
 * joined; `undefined` and `false` leave nothing.
 */
export const html = (texts: TemplateStringsArray, ...values: readonly Value[]): Markup => ({
  markup: texts.map((text, n) => text + (n < values.length ? textOf(values[n]) : "")).join(""),
});

function textOf(value: Value): string {
  if (value === undefined || value === false) return "";
  if (typeof value === "string" || typeof value === "number") return escape(String(value));
  if ("markup" in value) return value.markup;
  return value.map(textOf).join("");
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Control characters are not allowed in XML at all, and mean nothing to a reader; nor do halves of a character. */
const escape = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[^\P{Cc}\n\t]|[\uFFFE\uFFFF]/gu, "\uFFFD")
    .replace(/[&<>"']/g, (one) => ENTITIES[one]!);
