/** The whole way from clients to verdict, on forums in memory: the checker finds every flaw, and none where there is none. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { eventually } from "../../support/eventually.ts";
import { startClients } from "../clients.ts";
import { openHistory, recordPast, type Operation } from "../history.ts";
import { check } from "./checker.ts";
import { MODERATOR, simulatedForum, type Flaw } from "./simulated.ts";
import { inWords, type Rule, type Violation } from "./violations.ts";

/** How long the load lasts: so many requests, and a flaw so often. */
const ENOUGH = { requests: 300, flaws: 5 };

async function verdictOn(
  flaw?: Flaw,
): Promise<{ operations: Operation[]; violations: Violation[]; flawed: number; words: string }> {
  const forum = simulatedForum(1, flaw);
  const history = openHistory();
  recordPast(history, { users: [], threads: [], posts: [], ...forum.final().views[0]!.rows });
  const clients = await startClients({
    ...{ connect: forum.connect, moderator: MODERATOR, history },
    ...{ seed: 1, clients: 10, pause: 1 },
  });
  const { operations } = history;
  await eventually(() => {
    assert.ok(operations.length >= ENOUGH.requests);
    assert.ok(flaw === undefined || forum.flawed() >= ENOUGH.flaws);
  }, 20_000);
  await clients.stop();
  // What is in memory is never old, and a thread takes its posts along at once.
  const violations = check(operations, forum.final(), { staleness: 0, grace: 0 });
  return { operations, violations, flawed: forum.flawed(), words: inWords(violations, operations) };
}

/** Each flaw, and what it may be found as. */
const found: Record<Exclude<Flaw, "breaks connections">, Rule[]> = {
  "forgets a new post": ["lost write"],
  "forgets a change": ["lost write"],
  "forgets a deletion": ["undone deletion"],
  "writes a post twice": ["doubled write"],
  "refuses a post and keeps it": ["unacknowledged write"],
  "gives an id again": ["id given twice"],
  "shows what was before": ["own write not read", "read went back", "stale read"],
  "hides a post from lists": ["own write not read", "read went back", "stale read"],
  "leaves posts of a deleted thread": ["posts outlive their thread"],
};

describe("checker on simulated forums", () => {
  it("finds nothing wrong with one that keeps its promises", async () => {
    const { operations, words } = await verdictOn();
    assert.equal(words, "");
    for (const kind of ["create", "change", "delete", "read", "list", "log in"] as const) {
      assert.ok(
        operations.some((operation) => operation.kind === kind && operation.outcome === "acknowledged"),
        `no ${kind} was acknowledged`,
      );
    }
  });

  it("finds nothing wrong when connections break and nobody knows what was done", async () => {
    const { operations, words, flawed } = await verdictOn("breaks connections");
    assert.equal(words, "");
    assert.equal(operations.filter(({ outcome }) => outcome === "unknown").length, flawed);
    assert.ok(flawed > 0);
  });

  for (const [flaw, rules] of Object.entries(found)) {
    it(`finds out that one ${flaw}`, async () => {
      const { violations, flawed, words } = await verdictOn(flaw as Flaw);
      assert.ok(flawed > 0);
      assert.ok(
        violations.some(({ rule }) => rules.includes(rule)),
        `none of "${rules.join('", "')}" is among:\n${words}`,
      );
    });
  }
});
