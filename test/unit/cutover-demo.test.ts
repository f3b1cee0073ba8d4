import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { audit, marked, openLedger, type Everything } from "../../infra/cutover/demo/ledger.ts";
import { longestWrite, p99Between, percentile, type Sample } from "../../infra/cutover/demo/samples.ts";

const shown = (posts: [number, string][]): Everything => ({
  users: [],
  threads: [],
  posts: posts.map(([id, text]) => ({ id, text })),
});

/** The first as it was written, the second changed, the third deleted. */
function threePosts() {
  const ledger = openLedger();
  ledger.created("posts", 1, "one");
  ledger.became(ledger.created("posts", 2, "two"), "second");
  ledger.became(ledger.created("posts", 3, "three"), undefined);
  return ledger;
}

describe("the demo's audit", () => {
  it("finds nothing wrong where every acknowledged write is there", () => {
    const ledger = threePosts();
    assert.equal(ledger.acknowledged, 5);
    const everything = shown([
      [1, "one"],
      [2, "second"],
      [9, "somebody else's"],
    ]);
    assert.deepEqual(audit(ledger.entries, everything), { lost: [], doubled: [] });
  });

  it("finds lost creations, changes and deletions", () => {
    const ledger = threePosts();
    const everything = shown([
      [2, "two"],
      [3, "three"],
    ]);
    assert.deepEqual(audit(ledger.entries, everything).lost, [
      "posts 1 is not there",
      'posts 2 says "two" instead of "second"',
      "posts 3 was deleted and is there",
    ]);
  });

  it("takes either for what nobody has acknowledged, and only what was acknowledged after that", () => {
    for (const [text, lost] of [
      ["old", 0],
      ["new", 0],
      ["other", 1],
    ] as const) {
      const ledger = openLedger();
      ledger.mayHaveBecome(ledger.created("posts", 1, "old"), "new");
      assert.equal(audit(ledger.entries, shown([[1, text]])).lost.length, lost, text);
    }
    const ledger = openLedger();
    const entry = ledger.created("posts", 1, "old");
    ledger.mayHaveBecome(entry, "new");
    ledger.became(entry, "newest");
    assert.equal(audit(ledger.entries, shown([[1, "new"]])).lost.length, 1);
  });

  it("finds ids and texts of the load that are there twice, and leaves texts of others alone", () => {
    const everything = shown([
      [1, marked("a", 1, 1)],
      [2, marked("a", 1, 1)],
      [3, marked("a", 1, 2)],
      [3, marked("a", 11, 1)],
      [4, "me too"],
      [5, "me too"],
    ]);
    assert.deepEqual(audit([], everything).doubled, ["posts 3 is there twice", 'posts "a [1.1]" was written twice']);
  });
});

describe("the demo's figures", () => {
  const sample = (at: number, ms: number, write = false): Sample => ({
    ...{ at, ms, write, module: "posts", ok: true, servedBy: "posts@service" },
  });

  it("percentiles are values that occurred", () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);
    assert.equal(percentile(values, 0.99), 198);
    assert.equal(percentile([7], 0.99), 7);
    assert.ok(Number.isNaN(percentile([], 0.99)));
  });

  it("a p99 counts what was sent in its time, the longest write only writes", () => {
    const samples = [sample(0, 900), sample(10, 5), sample(20, 6, true), sample(30, 800)];
    assert.equal(p99Between(samples, 10, 30), 6);
    assert.equal(longestWrite(samples)?.ms, 6);
    assert.equal(longestWrite([]), undefined);
  });
});
