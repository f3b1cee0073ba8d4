/** The patterns of listener rules: `*` is any run of characters, `?` is exactly one, everything else stands for itself. */

/** One element of a pattern. */
export type Token = { type: "character"; character: string } | { type: "any-character" } | { type: "any-run" };

/** Fields in which a backslash makes `*`, `?` and `\` literal. In paths and hosts the backslash is not permitted at all. */
export const fieldsWithEscapes: ReadonlySet<string> = new Set(["http-header", "query-string"]);

/** Splits a pattern into its elements; `escapes` says whether a backslash makes the next character literal. */
export function parsePattern(pattern: string, escapes = false): Token[] {
  const tokens: Token[] = [];
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index] ?? "";
    const next = pattern[index + 1];
    if (escapes && character === "\\" && next !== undefined) {
      tokens.push({ type: "character", character: next });
      index++;
    } else if (character === "*") tokens.push({ type: "any-run" });
    else if (character === "?") tokens.push({ type: "any-character" });
    else tokens.push({ type: "character", character });
  }
  return tokens;
}

/** How many wildcards a pattern has. */
export const wildcardsIn = (tokens: readonly Token[]): number =>
  tokens.filter((token) => token.type !== "character").length;

/**
 * Whether the pattern matches the whole text.
 *
 * It never goes back further than to the last `*`, so the time is at most pattern × text, whatever a client sends.
 */
export function matches(tokens: readonly Token[], text: string): boolean {
  let token = 0;
  let position = 0;
  let lastRun = -1;
  let runEnd = 0;
  while (position < text.length) {
    const current = tokens[token];
    if (current?.type === "any-run") {
      lastRun = token++;
      runEnd = position;
    } else if (current?.type === "any-character" || current?.character === text[position]) {
      token++;
      position++;
    } else if (lastRun >= 0) {
      // The last run takes one character more.
      token = lastRun + 1;
      position = ++runEnd;
    } else return false;
  }
  return tokens.slice(token).every((rest) => rest.type === "any-run");
}

/** Lower-cases A to Z only: header bytes above 127 belong to no known alphabet. */
export const lowerCase = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
