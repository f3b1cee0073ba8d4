import assert from "node:assert/strict";
import { test } from "node:test";
import type { Send } from "../../infra/deploy/ask.ts";
import { stopDeployment } from "../../infra/deploy/rollout/stop.ts";

/** What is said and what is stopped when the deployments of a service are in these states, the newest first. */
async function stop(...states: string[]) {
  const serviceDeployments = states.map((status, index) => ({ status, serviceDeploymentArn: `arn:${index}` }));
  const stopped: object[] = [];
  const send: Send = async (_, operation, input) => {
    if (operation === "ListServiceDeployments") return { serviceDeployments };
    return stopped.push(input);
  };
  const said = await stopDeployment(send, { cluster: "forum-dev", service: "forum-dev-users" });
  return { said, stopped };
}

test("the deployment under way is stopped when there is one to go back to", async () => {
  const { said, stopped } = await stop("IN_PROGRESS", "SUCCESSFUL");
  assert.match(said, /told to go back to the revision before/);
  assert.deepEqual(stopped, [{ serviceDeploymentArn: "arn:0", stopType: "ROLLBACK" }]);
  assert.equal((await stop("PENDING", "STOPPED", "SUCCESSFUL")).stopped.length, 1);
});

test("a first deployment is left to ECS, and one that has ended is left alone", async () => {
  const first = await stop("IN_PROGRESS");
  assert.match(first.said, /no revision to go back to; ECS gives up by itself/);
  const ended = await stop("ROLLBACK_SUCCESSFUL", "SUCCESSFUL");
  assert.match(ended.said, /no deployment of it is under way any more/);
  assert.deepEqual([...first.stopped, ...ended.stopped], []);
});
