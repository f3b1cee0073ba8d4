import assert from "node:assert/strict";
import { test } from "node:test";
import { partOf } from "../../infra/deploy/plan/part.ts";
import { wanted } from "./support.ts";

test("the part of a service is all it needs and what needs it, and nothing of other services", () => {
  const part = partOf(wanted(), ["posts"]);
  for (const id of [
    "service/posts",
    "task-definition/posts",
    "one-off-task/migrate-posts",
    "listener-rule/posts",
    "scalable-target/posts",
    "scaling-policy/posts-cpu",
    "vpc/main",
    "db-cluster/main",
  ] as const) {
    assert.ok(part.has(id), id);
  }
  const others = [...part].filter((id) => /^(service|task-definition|scalable-target|discovery-service)\//.test(id));
  assert.deepEqual(others.toSorted(), [
    "discovery-service/posts",
    "scalable-target/posts",
    "service/posts",
    "task-definition/posts",
    "task-definition/tasks",
  ]);
});
