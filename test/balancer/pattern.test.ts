import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { matches, parsePattern, wildcardsIn } from "../../infra/balancer/pattern.ts";

const like = (pattern: string, text: string) => matches(parsePattern(pattern), text);

test("a pattern without wildcards matches itself only", () => {
  assert(like("/api/users", "/api/users"));
  assert(!like("/api/users", "/api/users/"));
  assert(!like("/api/users", "/API/users"));
  assert(like("", ""));
  assert(!like("", "x"));
});

test("* is any run of characters, also none, also slashes and line ends", () => {
  for (const text of ["/api/", "/api/x", "/api/a/b\nc"]) assert(like("/api/*", text), text);
  assert(!like("/api/*", "/api"));
  assert(like("/*/b*c", "/a/b/bxc"));
  assert(like("*", ""));
  assert(like("**a", "aa"));
});

test("? is exactly one character", () => {
  assert(like("/?", "/x"));
  assert(!like("/?", "/"));
  assert(!like("/?", "/xy"));
});

test("where a field has escapes, a backslash makes a wildcard literal", () => {
  const escaped = parsePattern(String.raw`\*\?\\?`, true);
  assert(matches(escaped, String.raw`*?\x`));
  assert(!matches(escaped, String.raw`ab\x`));
  assert.equal(wildcardsIn(escaped), 1);
  assert(like("\\", "\\"));
});

const expressionOf = (pattern: string) => new RegExp(`^${pattern.replaceAll("*", "[^]*").replaceAll("?", "[^]")}$`);
const textOf = (...letters: string[]) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 12 });

test("matching agrees with a regular expression", () => {
  fc.assert(
    fc.property(textOf("a", "b", "/", "*", "?"), textOf("a", "b", "/"), (pattern, path) => {
      assert.equal(like(pattern, path), expressionOf(pattern).test(path));
    }),
    { numRuns: 5000 },
  );
});

test("matching takes time in proportion to the text, whatever the client sends", () => {
  const started = performance.now();
  assert(!like("*a*a*a*a*ab", "a".repeat(16_000)));
  assert(performance.now() - started < 1000);
});
