/** Patterns of listener rules as regular expressions of nginx (PCRE2), to stand behind `~` or `~*` in a `map`. */
import { parsePattern, type Token } from "./pattern.ts";
import type { QueryStringPair } from "./rules.ts";

/** Matches the whole of a path or host. */
export const wholeExpression = (pattern: string): string => `(?s)^${body(parsePattern(pattern), ".")}\\z`;

/** One character of a header's value: njs has written a byte above 127 as a UTF-8 sequence. */
const HEADER_CHARACTER = "(?:[^\\n\\x80-\\xff]|[\\xc0-\\xff][\\x80-\\xbf]*)";

/** Finds a header line among all of them, which alb.js writes as `\nname: value` each with a `\n` at the end. */
export const headerExpression = (name: string, pattern: string): string =>
  `\\n${literal(name)}: ${body(parsePattern(pattern, true), HEADER_CHARACTER)}\\n`;

/** Finds a pair in a query string. A name alone has an empty value. */
export function queryExpression({ key = "*", value }: QueryStringPair): string {
  const valueTokens = parsePattern(value, true);
  const isOptional = valueTokens.every((token) => token.type === "any-run");
  const keyPart = body(parsePattern(key, true), "[^&=]", "&=");
  const valuePart = `=${body(valueTokens, "[^&]", "&")}`;
  return `(?:^|&)(?=[^&])${keyPart}${isOptional ? `(?:${valuePart})?` : valuePart}(?:&|\\z)`;
}

/**
 * The expression for a pattern. What stands between two `*` is taken where it is found first and never given back
 * (`(?>…)`), so that no text makes nginx search for long.
 *
 * @param any what a wildcard stands for @param never characters that cannot occur, because they end what is matched
 */
function body(tokens: readonly Token[], any: string, never = ""): string {
  const parts = partsBetweenRuns(tokens).map((part) => part.map((token) => element(token, any, never)).join(""));
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return first;
  return `${first}${rest.map((part) => `(?>${any}*?${part})`).join("")}${any}*${last}`;
}

function partsBetweenRuns(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.type === "any-run") parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function element(token: Token, any: string, never: string): string {
  if (token.type !== "character") return any;
  return never.includes(token.character) ? "(?!)" : literal(token.character);
}

const literal = (text: string): string => text.replace(/[^A-Za-z0-9/_-]/g, "\\$&");
