import assert from "node:assert/strict";
import { test } from "node:test";
import { keepingWeights } from "../../infra/deploy/kinds/load-balancing.ts";
import { compare } from "../../infra/deploy/plan/compare.ts";
import { replacementProblems } from "../../infra/deploy/plan/replacements.ts";
import { forum } from "../../infra/forum.ts";
import { wanted } from "./support.ts";

const groups = (weights: Record<string, number>) =>
  Object.entries(weights).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight }));
const actions = (weights: Record<string, number>) => [
  { Type: "forward" as const, ForwardConfig: { TargetGroups: groups(weights) } },
];
const present = (weights: Record<string, number>) => [{ Type: "forward", TargetGroups: groups(weights) }];

test("target groups keep their weights; one that is added gets nothing while another gets something", () => {
  const kept = (is: Record<string, number>) => keepingWeights(actions({ users: 100, monolith: 0 }), present(is));
  assert.deepEqual(kept({ users: 10, monolith: 90 }), actions({ users: 10, monolith: 90 }));
  assert.deepEqual(kept({ monolith: 1 }), actions({ users: 0, monolith: 1 }));
  assert.deepEqual(kept({ users: 30, elsewhere: 70 }), actions({ users: 30, monolith: 0 }));
});

test("when no group is left that gets anything, the weights are those that are wanted", () => {
  const wantedActions = actions({ users: 100, monolith: 0 });
  assert.deepEqual(keepingWeights(wantedActions, present({ elsewhere: 1, users: 0 })), wantedActions);
  assert.deepEqual(keepingWeights(wantedActions, [{ Type: "redirect" }]), wantedActions);
});

test("a target group whose port would have to change is told before anything is tried", () => {
  const id = "target-group/users";
  const spec = wanted().find((one) => one.id === id)!.spec as Record<string, unknown>;
  const found = { id, owned: true, name: "forum-dev-users", attributes: {}, spec, ready: true } as const;
  const problemsOf = (port: number) => {
    const { changes } = compare(wanted({}, { ...forum, port }), new Map([[id, found]]));
    return replacementProblems(changes);
  };
  assert.deepEqual(problemsOf(forum.port), []);
  assert.match(problemsOf(4000).join("\n"), /^target-group\/users: its Port is 3000 and cannot become 4000 while/);
});
