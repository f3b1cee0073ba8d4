/** Small histories: those that break a rule are found out, those that look alike and break none are not. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { check } from "./checker.ts";
import type { Row } from "../history.ts";
import { post, second, story, thread, type Story } from "./story.ts";
import { inWords } from "./violations.ts";

/** Asserts which rules a story breaks, each named once. */
function breaks(rules: string[], told: Story, ...views: Row[][]): void {
  const violations = check(told.operations, told.final(...views));
  const found = [...new Set(violations.map(({ rule }) => rule))].sort();
  assert.deepEqual(found, rules.toSorted(), inWords(violations, told.operations));
}

/** Tells a story of one thread, in which everything happens. */
const begun = (): Story => {
  const told = story();
  told.create("z", T);
  return told;
};
const T = thread(1, "thread");
const P = (value: string) => post(2, value);

describe("checker: what is there at the end", () => {
  it("accepts what was acknowledged, once, as it was last", () => {
    const told = begun();
    told.create("a", P("one"));
    told.change("a", P("two"));
    breaks([], told, [T, P("two")]);
  });

  it("finds a new row that is lost", () => {
    const told = begun();
    told.create("a", P("one"));
    breaks(["lost write"], told, [T]);
  });

  it("finds a change that is lost", () => {
    const told = begun();
    told.create("a", P("one"));
    told.change("a", P("two"));
    breaks(["lost write"], told, [T, P("one")]);
  });

  it("leaves open which of two changes side by side was the last", () => {
    const told = begun();
    told.create("a", P("one"));
    told.change("a", P("two"), { invoked: second(10), completed: second(12) });
    told.change("b", P("three"), { invoked: second(11), completed: second(13) });
    breaks([], told, [T, P("two")]);
    breaks([], told, [T, P("three")]);
    breaks(["lost write"], told, [T, P("one")]);
  });

  it("leaves open whether a write of unknown outcome was done, and when", () => {
    const told = begun();
    told.create("a", P("one"));
    told.change("a", P("two"), { outcome: "unknown" });
    told.change("a", P("three"));
    told.create("a", post(9, "new"), { outcome: "unknown" });
    breaks([], told, [T, P("three")]);
    breaks([], told, [T, P("two"), post(9, "new")]);
    breaks(["lost write"], told, [T, P("one")]);
  });

  it("knows that a write of unknown outcome was done, once somebody has seen it", () => {
    const told = begun();
    told.create("a", P("one"));
    told.change("a", P("two"), { outcome: "unknown" });
    told.read("b", P("two"));
    told.change("c", P("three"));
    breaks(["lost write"], told, [T, P("two")]);
  });

  it("finds a row that is there twice", () => {
    const told = begun();
    told.create("a", P("one"));
    breaks(["doubled write"], told, [T, P("one"), post(3, "one")]);
  });

  it("finds a row of unknown outcome that is there twice", () => {
    const told = begun();
    told.create("a", P("one"), { outcome: "unknown" });
    breaks(["doubled write"], told, [T, P("one"), post(3, "one")]);
  });

  it("finds what was refused and is there all the same", () => {
    const told = begun();
    told.create("a", P("one"), { outcome: "unavailable" });
    breaks(["unacknowledged write"], told, [T, P("one")]);
    breaks([], told, [T]);
  });

  it("finds what nobody wrote", () => breaks(["unwritten"], begun(), [T, P("one")]));

  it("finds a text that was written into another row", () => {
    const told = begun();
    told.create("a", P("one"));
    told.create("a", post(3, "two"));
    told.change("a", post(3, "three"));
    breaks(["unwritten"], told, [T, P("three"), post(3, "three")]);
  });

  it("finds an id that was given twice", () => {
    const told = begun();
    told.create("a", P("one"));
    told.delete("a", P("one"));
    told.create("b", { ...P("two"), createdAt: P("one").createdAt });
    const violations = check(told.operations, told.final([T]));
    assert.ok(violations.some(({ rule }) => rule === "id given twice"));
  });

  it("finds what was deleted and is there again", () => {
    const told = begun();
    told.create("a", P("one"));
    told.delete("a", P("one"));
    breaks([], told, [T]);
    breaks(["undone deletion"], told, [T, P("one")]);
  });

  it("leaves open whether a deletion of unknown outcome was done", () => {
    const told = begun();
    told.create("a", P("one"));
    told.delete("a", P("one"), { outcome: "unknown" });
    breaks([], told, [T]);
    breaks([], told, [T, P("one")]);
  });

  it("finds a change that was accepted after the deletion", () => {
    const told = begun();
    told.create("a", P("one"));
    told.delete("a", P("one"));
    told.change("a", P("two"));
    breaks(["own write not read"], told, [T]);
  });

  it("finds posts that outlive their thread, and a post that was let into it", () => {
    const told = begun();
    told.create("a", P("one"));
    told.delete("z", T);
    breaks([], told, []);
    breaks(["posts outlive their thread"], told, [P("one")]);
    told.create("a", post(3, "late"), { invoked: second(20) });
    breaks(["posts outlive their thread"], told, []);
  });

  it("finds what can never change and has changed", () => {
    const told = begun();
    told.create("a", P("one"));
    breaks(["altered for good"], told, [T, { ...P("one"), fixed: "by somebody else" }]);
    breaks(["altered for good"], told, [T, { ...P("one"), createdAt: new Date(second(3)).toISOString() }]);
  });

  it("finds sides that differ", () => {
    const told = begun();
    told.create("a", P("one"));
    breaks([], told, [T, P("one")], [P("one"), T]);
    breaks(["sides differ"], told, [T, P("one")], [T]);
    breaks(["sides differ"], told, [T, P("one")], [T, P("two")]);
    breaks(["sides differ"], told, [T, P("one")], [T, P("one"), post(3, "three")]);
  });

  it("passes on what else is wrong with the databases", () => {
    const told = begun();
    const faults = [{ rule: "foreign key" as const, words: "post 2 is in no thread" }];
    const violations = check(told.operations, { ...told.final([T]), faults });
    assert.deepEqual(violations, [{ ...faults[0], operations: [] }]);
  });

  it("expects a deleted account to stay, without anything personal", () => {
    const told = story();
    const row: Row = { id: 1, value: "ada", fixed: "ada", createdAt: new Date(second(0)).toISOString() };
    const withdrawn: Row = { ...row, value: "Deleted account | ", fixed: "", withdrawn: true };
    told.tell({ kind: "create", module: "users", value: "ada", rows: [row] });
    told.tell({ kind: "delete", module: "users", id: 1 });
    const final = (...users: Row[]) => ({ ...told.final(), views: [{ name: "one", rows: { users } }] });
    const rules = (...users: Row[]) => check(told.operations, final(...users)).map(({ rule }) => rule);
    assert.deepEqual(rules(withdrawn), []);
    assert.deepEqual(rules(row), ["undone deletion"]);
    assert.deepEqual(rules(), ["lost write"]);
  });
});

describe("checker: what sessions read", () => {
  /** A post that has been changed once, by `z`. */
  const changed = (): Story => {
    const told = begun();
    told.create("z", P("one"));
    told.change("z", P("two"));
    return told;
  };
  const end = [T, P("two")];

  it("finds a session that does not read its own write", () => {
    const told = changed();
    told.read("z", P("one"), { invoked: second(3) });
    breaks(["own write not read"], told, end);
  });

  it("finds a session that does not find what it has made", () => {
    const told = changed();
    told.misses("z", P("one"), { invoked: second(3) });
    breaks(["own write not read"], told, end);
  });

  it("finds a read that goes back", () => {
    const told = changed();
    told.read("a", P("two"), { invoked: second(3) });
    told.read("a", P("one"), { invoked: second(3) + 100 });
    breaks(["read went back"], told, end);
  });

  it("finds a read that goes back to before a write of unknown outcome that the session has seen", () => {
    const told = begun();
    told.create("z", P("one"));
    told.change("z", P("two"), { outcome: "unknown" });
    told.read("a", P("two"), { invoked: second(3) });
    told.read("a", P("one"), { invoked: second(3) + 100 });
    breaks(["read went back"], told, end);
  });

  it("lets other sessions see what was there a moment ago", () => {
    const told = changed();
    told.read("a", P("two"), { invoked: second(3) });
    told.read("b", P("one"), { invoked: second(3) + 200 });
    told.list("c", [P("one")], { invoked: second(3) + 300 });
    breaks([], told, end);
  });

  it("finds a read older than a copy may be", () => {
    const told = changed();
    told.read("a", P("one"), { invoked: second(4) + 500 });
    breaks(["stale read"], told, end);
  });

  it("finds a read older than the session's cookie", () => {
    const told = changed();
    told.read("a", P("one"), { invoked: second(3), seen: second(2) + 5 });
    breaks([], told, end);
    told.read("b", P("one"), { invoked: second(3) + 100, seen: second(2) + 50 });
    breaks(["stale read"], told, end);
  });

  it("holds sessions to it across modules", () => {
    const told = begun();
    told.read("a", T, { invoked: second(1) });
    told.misses("b", T, { invoked: second(1) + 100 });
    breaks([], told, [T]);
    // The thread was seen; a post into it is refused as if it were not there.
    const refused = { outcome: "refused", answer: 404, invoked: second(1) + 200 } as const;
    told.create("a", post(9, "nowhere"), refused);
    breaks(["read went back"], told, [T]);
  });

  it("finds a row that is missing in a list, but only within the list's range", () => {
    const told = changed();
    told.create("z", post(5, "five"));
    const all = [...end, post(5, "five")];
    told.list("z", [P("two")], { range: { to: P("two") } });
    told.list("z", [post(5, "five")], { range: { from: P("two") } });
    told.list("z", [], { range: { thread: 2 } });
    breaks([], told, all);
    told.list("z", [P("two")]);
    breaks(["own write not read"], told, all);
  });

  it("finds a list that shows a row twice or out of order", () => {
    const told = changed();
    told.create("z", post(5, "five"));
    told.list("z", [post(5, "five"), P("two")]);
    breaks(["disordered list"], told, [...end, post(5, "five")]);
    const twice = changed();
    twice.list("z", [P("two"), P("two")]);
    breaks(["disordered list"], twice, end);
  });

  it("finds what was gone for a session and comes back", () => {
    const told = changed();
    told.read("a", P("two"), { invoked: second(3) });
    told.delete("z", P("two"), { invoked: second(3) + 100 });
    told.misses("a", P("two"), { invoked: second(3) + 200 });
    breaks([], told, [T]);
    told.read("b", P("two"), { invoked: second(3) + 300 });
    breaks([], told, [T]);
    told.read("a", P("two"), { invoked: second(3) + 400 });
    breaks(["read went back"], told, [T]);
  });

  it("finds a write in an answer before anybody has sent it", () => {
    const told = begun();
    told.create("z", P("one"));
    told.read("a", P("two"), { invoked: second(3) });
    told.change("z", P("two"), { invoked: second(4) });
    breaks(["unwritten"], told, end);
  });

  it("tells what it finds with the operations concerned", () => {
    const told = changed();
    told.read("z", P("one"), { invoked: second(3), servedBy: "posts@service" });
    const words = inWords(check(told.operations, told.final(end)), told.operations);
    assert.match(words, /^1 × own write not read\n/);
    assert.match(words, /posts 2 is "one", although it was changed since/);
    assert.match(words, /#1 z: create posts 2 "one" in thread 1, 1\.000–1\.010 s, acknowledged/);
    assert.match(words, /#2 z: change posts 2 "two", 2\.000–2\.010 s, acknowledged/);
    assert.match(words, /#3 z: read posts 2, 3\.000–3\.010 s, acknowledged, by posts@service/);
  });
});
