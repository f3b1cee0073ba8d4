import assert from "node:assert/strict";
import type { Deployment } from "@aws-sdk/client-ecs";
import { test } from "node:test";
import { assertDone } from "../../infra/deploy/apply.ts";
import { EndingError, endingOf, type Ending } from "../../infra/deploy/ending.ts";
import { isComplete, progressOf } from "../../infra/deploy/rollout/follow.ts";
import { changeOf } from "../../infra/deploy/plan/change.ts";
import type { UserError } from "../../infra/terminal/user-error.ts";
import { wanted } from "./support.ts";

const OURS = "ecs-svc/2";
const old: Deployment = { id: "ecs-svc/1", status: "ACTIVE", rolloutState: "COMPLETED" };
const back: Deployment = { id: "ecs-svc/3", status: "PRIMARY", taskDefinition: "arn:x/forum-dev-users:1" };
const ours = (rolloutState: "COMPLETED" | "FAILED" | "IN_PROGRESS", status = "PRIMARY"): Deployment => ({
  id: OURS,
  status,
  rolloutState,
});
const look = (...deployments: Deployment[]) => isComplete({ deployments }, OURS, "arn:x/forum-dev-users:2");
const endsAs = (ending: Ending) => (error: unknown) => endingOf(error) === ending;

test("only the deployment that was begun counts", () => {
  assert.equal(look(ours("IN_PROGRESS"), old), false);
  assert.equal(look(ours("COMPLETED")), true);
});

test("a service that is stable again on the old revision was rolled back, and is no success", () => {
  assert.throws(() => look(back, ours("FAILED", "ACTIVE")), endsAs("rolled back"));
  assert.throws(
    () => look({ ...back, rolloutState: "COMPLETED" }),
    (error: Error) => {
      assert.match(error.message, /was rolled back; forum-dev-users:1 serves/);
      return endingOf(error) === "rolled back";
    },
  );
});

test("a first deployment has nothing to go back to: it fails", () => {
  assert.throws(() => look(ours("FAILED")), endsAs("failed"));
});

test("a deployment that somebody else began in its place is no roll-back; neither is a service that is gone", () => {
  assert.throws(() => look({ ...back, taskDefinition: "arn:x/forum-dev-users:3" }), {
    ending: "failed",
    message: /made way for one that somebody began of forum-dev-users:3/,
  });
  // Unless ECS says that ours has failed: rollback goes to an earlier revision, and back is then a later one.
  const later = { ...back, taskDefinition: "arn:x/forum-dev-users:3" };
  const events = [{ message: `(service users) (deployment ${OURS}) deployment failed: tasks failed to start.` }];
  assert.throws(
    () => isComplete({ deployments: [later], events }, OURS, "arn:x/forum-dev-users:2"),
    endsAs("rolled back"),
  );
  assert.throws(() => isComplete(undefined, OURS), { ending: "failed", message: "the service is not there any more" });
});

test("how far it is", () => {
  const deployments = [{ ...ours("IN_PROGRESS"), runningCount: 1, desiredCount: 2, failedTasks: 3 }];
  assert.equal(progressOf({ deployments }, OURS), "1 of 2 tasks running, 3 have failed");
});

test("each ending has its word and its exit code; an error counts most", () => {
  const service = wanted().find(({ id }) => id === "service/users")!;
  const codeOf = (...endings: Ending[]) => {
    const failed = endings.map((ending) => ({
      change: changeOf(service, { action: "create", after: [] }),
      error: new EndingError(ending, "because"),
    }));
    try {
      assertDone({ done: [], skipped: [], failed }, "again");
    } catch (error) {
      assert.match((error as Error).message, new RegExp(`service/users ${endings[0]}: because`));
      return (error as UserError).exitCode;
    }
    return 0;
  };
  assert.equal(codeOf("failed"), 1);
  assert.equal(codeOf("rolled back"), 3);
  assert.equal(codeOf("timed out"), 4);
  assert.equal(codeOf("misconfigured"), 5);
  assert.equal(codeOf("interrupted"), 130);
  assert.equal(codeOf("rolled back", "failed"), 1);
  assert.equal(codeOf("rolled back", "interrupted"), 3);
  assert.equal(codeOf(), 0);
});
