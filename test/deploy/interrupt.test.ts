import assert from "node:assert/strict";
import { test } from "node:test";
import type { Send } from "../../infra/deploy/ask.ts";
import { EndingError, endingOf, type Ending } from "../../infra/deploy/ending.ts";
import { choiceOf, decide, type Choice } from "../../infra/deploy/interrupt.ts";
import { changeOf } from "../../infra/deploy/plan/change.ts";
import { wanted } from "./support.ts";

test("leave or roll back, in one letter or in full; anything else is no choice", () => {
  assert.equal(choiceOf("l\n"), "leave");
  assert.equal(choiceOf(" Leave "), "leave");
  assert.equal(choiceOf("R"), "roll back");
  assert.equal(choiceOf("rollback"), "roll back");
  assert.equal(choiceOf(""), undefined);
  assert.equal(choiceOf("yes"), undefined);
});

const all = wanted();
const ended = (id: string, ending: Ending) => ({
  change: changeOf(
    all.find((one) => one.id === id)!,
    { action: "create", after: [] },
  ),
  error: new EndingError(ending, "because"),
});
const outcome = {
  done: [],
  skipped: [],
  failed: [ended("service/users", "interrupted"), ended("service/posts", "failed"), ended("vpc/main", "interrupted")],
};
const answers: Record<string, object> = {
  ListServiceDeployments: {
    serviceDeployments: [
      { serviceDeploymentArn: "arn:2", status: "IN_PROGRESS" },
      { serviceDeploymentArn: "arn:1", status: "SUCCESSFUL" },
    ],
  },
};

/** What was asked and stopped, and the ends, when somebody chooses so. */
async function after(choice: Choice) {
  const asked: string[][] = [];
  const stopped: object[] = [];
  const send: Send = async (_, operation, input) => {
    if (operation === "StopServiceDeployment") stopped.push(input);
    return answers[operation] ?? {};
  };
  const { failed } = await decide(send, outcome, all, async (names) => {
    asked.push([...names]);
    return choice;
  });
  return { asked, stopped, endings: failed.map(({ error }) => endingOf(error)) };
}

test("who is asked about is what nobody waits for any longer; left alone, everything stays as it is", async () => {
  const { asked, stopped, endings } = await after("leave");
  assert.deepEqual(asked, [["users"]]);
  assert.deepEqual(stopped, []);
  assert.deepEqual(endings, ["interrupted", "failed", "interrupted"]);
});

test("rolled back on request: the deployment under way is stopped, and only that", async () => {
  const { stopped, endings } = await after("roll back");
  assert.deepEqual(stopped, [{ serviceDeploymentArn: "arn:2", stopType: "ROLLBACK" }]);
  assert.deepEqual(endings, ["rolled back", "failed", "interrupted"]);
});
