import assert from "node:assert/strict";
import { test } from "node:test";
import { ruleMistakes, assertAcceptable } from "../../infra/balancer/limits.ts";
import {
  forwardTo,
  listenerRules,
  targetGroupsOf,
  type Condition,
  type Rule,
  type RuleTable,
} from "../../infra/balancer/rules.ts";
import { forum } from "../../infra/forum.ts";

test("every service with paths has a rule, and the default action is the monolith", () => {
  const table = listenerRules(forum);
  assert.deepEqual(
    table.rules.map(({ priority, action }) => [priority, action.targetGroups]),
    [
      [100, [{ targetGroup: "users", weight: 1 }]],
      [200, [{ targetGroup: "threads", weight: 1 }]],
      [300, [{ targetGroup: "posts", weight: 1 }]],
    ],
  );
  assert.deepEqual(table.rules[0]?.conditions, [{ field: "path-pattern", values: ["/api/users", "/api/users/*"] }]);
  assert.deepEqual(table.defaultAction, forwardTo("monolith"));
  assert.deepEqual(targetGroupsOf(table), ["users", "threads", "posts", "monolith"]);
});

test("services that do not exist yet have no rule", () => {
  assert.deepEqual(listenerRules(forum, { services: [] }).rules, []);
  assert.deepEqual(
    listenerRules(forum, { services: ["posts"] }).rules.map((rule) => rule.priority),
    [300],
  );
});

test("a rule can share its requests between target groups", () => {
  const table = listenerRules(forum, { weights: { posts: { posts: 25, monolith: 75 } } });
  assert.deepEqual(table.rules[2]?.action.targetGroups, [
    { targetGroup: "posts", weight: 25 },
    { targetGroup: "monolith", weight: 75 },
  ]);
});

test("an option for a service without a rule is refused", () => {
  assert.throws(
    () => listenerRules(forum, { services: ["monolith"] }),
    /No rule is made for "monolith"; rules are for users, threads, posts/,
  );
  assert.throws(() => listenerRules(forum, { weights: { likes: { likes: 1 } } }), RangeError);
});

test("the forum's tables are acceptable in every stage", () => {
  assert.deepEqual(ruleMistakes(listenerRules(forum)), []);
  assert.deepEqual(ruleMistakes(listenerRules(forum, { services: [] })), []);
});

const tableOf = (...rules: Partial<Rule>[]): RuleTable => ({
  rules: rules.map((rule, index) =>
    Object.assign({ priority: index + 1, conditions: [path("/x")], action: forwardTo("a") }, rule),
  ),
  defaultAction: forwardTo("a"),
});
const path = (...values: string[]): Condition => ({ field: "path-pattern", values });
const mistakesWith = (...conditions: Condition[]) => ruleMistakes(tableOf({ conditions }));

test("all mistakes are reported at once", () => {
  const table = tableOf(
    { priority: 7, conditions: [] },
    {
      priority: 7,
      conditions: [path("/é")],
      action: { type: "forward", targetGroups: [{ targetGroup: "a", weight: 1000 }] },
    },
    { priority: 0 },
  );
  assert.deepEqual(ruleMistakes(table), [
    "priority 7 is given to several rules",
    "rule 7: it has no condition",
    'rule 7: path-pattern "/é" is too long, empty, or has characters that are not permitted',
    'rule 7: weight 1000 of "a" is no integer from 0 to 999',
    "rule 0: the priority must be an integer from 1 to 50000",
  ]);
  assert.throws(() => assertAcceptable(table), /would refuse these rules:\n {2}priority 7/);
});

test("a table has at most 100 rules", () => {
  assert.deepEqual(ruleMistakes(tableOf(...Array.from({ length: 100 }, () => ({})))), []);
  assert.match(ruleMistakes(tableOf(...Array.from({ length: 101 }, () => ({}))))[0] ?? "", /101 rules/);
});

test("a rule has at most five values and five wildcards, over all its conditions", () => {
  const header: Condition = { field: "http-header", httpHeaderName: "X", values: ["a", "b", "c"] };
  assert.deepEqual(mistakesWith(path("/a", "/b"), header), []);
  assert.match(mistakesWith(path("/a", "/b", "/c"), header)[0] ?? "", /6 values/);
  assert.deepEqual(mistakesWith(path("/*/*/?"), { ...header, values: ["*\\**"] }), []);
  assert.match(mistakesWith(path("/*/*/?"), { ...header, values: ["***"] })[0] ?? "", /6 wildcards/);
});

test("host, path, method and source stand in one condition at most; headers and queries may repeat", () => {
  assert.match(mistakesWith(path("/a"), path("/b"))[0] ?? "", /path-pattern stands in several conditions/);
  const query: Condition = { field: "query-string", values: [{ key: "a", value: "1" }] };
  assert.deepEqual(mistakesWith(query, query), []);
});

test("values keep to the characters and lengths of their field", () => {
  const good: Condition[] = [
    path(`/aA0_-.$~"'@:+&`, "/".repeat(128)),
    { field: "host-header", values: ["*.example.com", "a.b"] },
    { field: "http-request-method", values: ["GET", "MY-METHOD"] },
    { field: "http-header", httpHeaderName: "X-Forum.Version", values: ["1 2"] },
    { field: "query-string", values: [{ value: "a\\*" }] },
    { field: "source-ip", values: ["10.0.0.0/8", "2001:db8::/32"] },
  ];
  for (const condition of good) assert.deepEqual(mistakesWith(condition), []);
  const bad: Condition[] = [
    path("/a%20"),
    path("/".repeat(129)),
    path(""),
    { field: "host-header", values: ["localhost"] },
    { field: "host-header", values: ["a.b1"] },
    { field: "http-request-method", values: ["get"] },
    { field: "http-header", httpHeaderName: "X:", values: ["1"] },
    { field: "http-header", httpHeaderName: "Host", values: ["1"] },
    { field: "query-string", values: [{ key: "", value: "1" }] },
    { field: "source-ip", values: ["10.0.0.0"] },
    { field: "source-ip", values: ["10.0.0.0/33"] },
    { field: "path-pattern", values: [] },
  ];
  for (const condition of bad) assert.equal(mistakesWith(condition).length, 1, JSON.stringify(condition));
});

const mistakesOfForward = (...groups: [targetGroup: string, weight: number][]) =>
  ruleMistakes(
    tableOf({
      action: { type: "forward", targetGroups: groups.map(([targetGroup, weight]) => ({ targetGroup, weight })) },
    }),
  );

test("an action forwards to one to five different target groups, not all of weight 0", () => {
  assert.deepEqual(mistakesOfForward(["a", 999], ["b", 0], ["c", 1], ["d", 1], ["e", 1]), []);
  assert.match(
    mistakesOfForward(["a", 1], ["b", 1], ["c", 1], ["d", 1], ["e", 1], ["f", 1])[0] ?? "",
    /6 target groups/,
  );
  assert.match(mistakesOfForward(["a", 1], ["a", 1])[0] ?? "", /twice/);
  assert.match(mistakesOfForward(["a", 0])[0] ?? "", /no target group has a weight above 0/);
  assert.match(mistakesOfForward(["-a", 1])[0] ?? "", /target group "-a"/);
});
