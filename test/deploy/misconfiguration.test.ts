import assert from "node:assert/strict";
import type { Task } from "@aws-sdk/client-ecs";
import { test } from "node:test";
import { misconfigurationOf } from "../../infra/deploy/rollout/misconfiguration.ts";

const stopped = (stoppedReason: string, ...lines: string[]) => ({ task: { stoppedReason } as Task, lines });
const GONE = "CannotPullContainerError: failed to resolve ref users@sha256:b: not found";
const SLOW = "CannotPullContainerError: dial tcp 10.0.0.1:443: i/o timeout";
const YOUNG =
  "ResourceInitializationError: unable to pull secrets or registry auth: AccessDeniedException: not authorized";

test("an error that no further try mends counts at once", () => {
  assert.match(misconfigurationOf([stopped(GONE)])!, /^the image cannot be pulled: Cannot/);
  const another = "ResourceInitializationError: unable to retrieve secret from asm: ResourceNotFoundException";
  assert.match(misconfigurationOf([stopped(another)])!, /^a secret cannot be read: /);
});

test("an image for another architecture is seen in the log, or in the reason of the container", () => {
  const line = "exec /usr/local/bin/node: exec format error";
  const means = `the image is for another architecture than the task: ${line}`;
  assert.equal(misconfigurationOf([stopped("Essential container in task exited", line)]), means);
  const task = { containers: [{ reason: line }] } as Task;
  assert.equal(misconfigurationOf([{ task, lines: [] }]), means);
});

test("an error that may pass counts when a second task has stopped of it", () => {
  for (const reason of [SLOW, YOUNG]) {
    assert.equal(misconfigurationOf([stopped(reason)]), undefined);
    assert.ok(misconfigurationOf([stopped(reason), stopped(reason)])?.endsWith(reason));
  }
  assert.match(misconfigurationOf([stopped(SLOW), stopped(GONE)])!, /not found$/);
});

test("a task that dies of its own is no misconfiguration", () => {
  assert.equal(misconfigurationOf([stopped("Essential container in task exited", "Error: no database")]), undefined);
  assert.equal(misconfigurationOf([]), undefined);
});
