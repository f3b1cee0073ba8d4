import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { commonConfig, ConfigError, kinds, readConfig } from "../../services/chassis/src/config.ts";
import { thrown } from "../support/thrown.ts";

const folder = mkdtempSync(path.join(tmpdir(), "config-"));
after(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string) => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};

const shape = { DATABASE_URL: commonConfig.DATABASE_URL, PORT: commonConfig.PORT, PEER_SECRET: kinds.secret };
const right = { DATABASE_URL: "postgres://u:p@h/d", PEER_SECRET: "s".repeat(32) };

/** The message about a wrong environment. */
function mistakes(environment: Record<string, string>): string {
  const error = thrown(() => readConfig(shape, environment));
  assert.ok(error instanceof ConfigError);
  return error.message;
}

test("values come typed, with defaults where none is given", () => {
  assert.deepEqual(readConfig(shape, right), { ...right, PORT: 3000 });
  assert.equal(readConfig(shape, { ...right, PORT: "0" }).PORT, 0);
});

test("every default is a valid value", () => {
  const config = readConfig(commonConfig, { DATABASE_URL: "postgres://u:p@h/d" });
  assert.deepEqual(Object.keys(config).sort(), Object.keys(commonConfig).sort());
});

test("an empty variable counts as not given", () => {
  assert.equal(readConfig(shape, { ...right, PORT: "" }).PORT, 3000);
  assert.match(mistakes({ ...right, PEER_SECRET: "" }), /PEER_SECRET: is not set/);
});

test("all mistakes are said at once, a line each", () => {
  const lines = mistakes({ DATABASE_URL: "mysql://h/d", PORT: "70000" }).split("\n").slice(1);
  assert.deepEqual(lines, [
    "  DATABASE_URL: must be a URL that begins with postgres:// or postgresql://",
    "  PORT: must be a whole number from 0 to 65535",
    "  PEER_SECRET: is not set",
  ]);
});

for (const port of ["-1", "1.5", "0x10", " 80", "80 ", "1e3", "9999999999"]) {
  test(`"${port}" is no whole number`, () => assert.match(mistakes({ ...right, PORT: port }), /PORT: must be/));
}

test("NAME_FILE names a file with the value; the line's end does not belong to it", () => {
  const { PEER_SECRET: _, ...rest } = right;
  const PEER_SECRET_FILE = file("secret", `${"f".repeat(40)}\n`);
  assert.equal(readConfig(shape, { ...rest, PEER_SECRET_FILE }).PEER_SECRET, "f".repeat(40));
});

test("a file goes before a variable", () => {
  const PEER_SECRET_FILE = file("other", "g".repeat(40));
  assert.equal(readConfig(shape, { ...right, PEER_SECRET_FILE }).PEER_SECRET, "g".repeat(40));
});

test("a file that is not there is named once", () => {
  const message = mistakes({ ...right, PEER_SECRET_FILE: path.join(folder, "missing") });
  assert.match(message, /PEER_SECRET_FILE: ENOENT/);
  assert.equal(message.match(/PEER_SECRET/g)?.length, 1);
});

test("no value is ever in the message: it may be a secret", () => {
  const message = mistakes({ DATABASE_URL: "hidden-1", PORT: "hidden-2", PEER_SECRET: "hidden-3" });
  assert.doesNotMatch(message, /hidden/);
  const fromFile = mistakes({ ...right, PEER_SECRET_FILE: file("short", "hidden-4") });
  assert.doesNotMatch(fromFile, /hidden/);
});
