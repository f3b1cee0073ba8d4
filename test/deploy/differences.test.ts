import assert from "node:assert/strict";
import { test } from "node:test";
import { differences, isContained } from "../../infra/deploy/differences.ts";
import { hashOf } from "../../infra/deploy/hash.ts";

test("what AWS fills in is no difference; what is missing or other is", () => {
  assert.deepEqual(differences({ port: 80, ids: ["b", "a"] }, { port: 80, ids: ["a", "b"] }), []);
  assert.deepEqual(differences({ check: { path: "/" } }, { check: { path: "/", matcher: "200" } }), []);
  assert.deepEqual(differences({ port: 80 }, { port: 81 }), [{ key: "port", is: 81, wanted: 80 }]);
  assert.deepEqual(differences({ ids: ["a"] }, { ids: ["a", "b"] }), [{ key: "ids", is: ["a", "b"], wanted: ["a"] }]);
});

test("what was not read is not compared, and what is not wanted neither", () => {
  assert.deepEqual(differences({ secret: "x", port: 80 }, { port: 80 }), []);
  assert.ok(isContained(undefined, 1));
  assert.ok(!isContained({ a: 1 }, undefined));
});

test("a hash does not depend on the order of keys and lists", () => {
  assert.equal(hashOf({ a: [1, 2], b: { c: 1, d: undefined } }), hashOf({ b: { c: 1 }, a: [2, 1] }));
  assert.notEqual(hashOf({ a: 1 }), hashOf({ a: 2 }));
});
