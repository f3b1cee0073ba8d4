import assert from "node:assert/strict";
import { test } from "node:test";
import { clean, fit, visible } from "../../infra/import/src/text.ts";
import { usernameOf } from "../../infra/import/src/usernames.ts";
import { newUser } from "../../services/contract/src/index.ts";

const none = () => ({ names: 0, titles: 0, bios: 0, texts: 0 });

test("takes away what the API refuses", () => {
  assert.equal(clean("a\0b\uD800c"), "ab\uFFFDc");
  assert.equal(visible(" \n", "nothing"), "nothing");
  assert.equal(visible(undefined, "nothing"), "nothing");
});

test("cuts by code points and counts what it cut", () => {
  const cuts = none();
  assert.equal(fit("😀".repeat(100), "names", cuts), "😀".repeat(100));
  assert.deepEqual(cuts, none());
  assert.equal(fit("😀".repeat(101), "names", cuts), `${"😀".repeat(99)}…`);
  assert.equal(cuts.names, 1);
});

test("leaves no tag open where it cuts", () => {
  const text = `${"x".repeat(1990)}<a href="https://example.org/a/long/way">there</a>`;
  assert.equal(fit(text, "bios", none()), `${"x".repeat(1990)}…`);
});

test("usernames are what the contract takes, and tell accounts apart", () => {
  const names = ["Ada Lovelace", "ÅSA", "Владимир", "", "😀", "-", "x".repeat(200), "a".repeat(19) + " b", "İ"];
  const ids = ["-1", "1", "12", "999999999999999", "-999999999999999"];
  const seen = new Set<string>();
  for (const name of names) {
    for (const id of ids) {
      for (const attempt of [1, 2, 11]) {
        const username = usernameOf({ kind: "user", sourceId: id, name }, attempt);
        newUser.shape.username.parse(username);
        seen.add(username);
      }
    }
    newUser.shape.username.parse(usernameOf({ kind: "placeholder", sourceId: name, name }));
  }
  assert.equal(usernameOf({ kind: "user", sourceId: "12", name: "Ada Lovelace" }), "ada-lovelace-12");
  assert.equal(usernameOf({ kind: "user", sourceId: "-1", name: "Community" }), "community-n1");
  // Four of the names have nothing in ASCII and so are all "user".
  assert.equal(seen.size, (names.length - 3) * ids.length * 3);
});
