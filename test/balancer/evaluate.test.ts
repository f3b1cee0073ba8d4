import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluate, type BalancerRequest } from "../../infra/balancer/evaluate.ts";
import { forwardTo, listenerRules, type Condition, type RuleTable } from "../../infra/balancer/rules.ts";
import { forum } from "../../infra/forum.ts";

/** The target groups' names that share a request, or the status with which the balancer answers it. */
function answerOf(table: RuleTable, url: string, request: Partial<BalancerRequest> = {}): string | number {
  const { headers, ...rest } = request;
  const answer = evaluate(table, {
    method: "GET",
    url,
    sourceIp: "192.0.2.1",
    headers: { host: ["forum.example"], ...headers },
    ...rest,
  });
  return answer.type === "fixed-response"
    ? answer.statusCode
    : answer.targetGroups.map((group) => group.targetGroup).join();
}

const forumAnswers = (url: string, request: Partial<BalancerRequest> = {}) =>
  answerOf(listenerRules(forum), url, request);

test("paths of the forum are answered by their services, all others by the monolith", () => {
  const answers: Record<string, string> = {
    "/api/users": "users",
    "/api/users/": "users",
    "/api/users?x=1": "users",
    "/api//users/./1": "users",
    "/%61pi/users": "users",
    "/api/threads/9/posts": "threads",
    "/api/posts/in-thread/1": "posts",
    "/api/user": "monolith",
    "/api/usersfoo": "monolith",
    "/API/users": "monolith",
    "/x?p=/api/users": "monolith",
    "/api/users/..": "monolith",
    "/": "monolith",
    "http://elsewhere.example/api/users/1": "users",
  };
  for (const [url, targetGroup] of Object.entries(answers)) assert.equal(forumAnswers(url), targetGroup, url);
});

test("without services, everything is the monolith's", () => {
  assert.equal(answerOf(listenerRules(forum, { services: [] }), "/api/users"), "monolith");
});

test("a request that cannot be read is refused", () => {
  assert.equal(forumAnswers("/%00"), 400);
  assert.equal(forumAnswers("/../"), 400);
  assert.equal(forumAnswers("*"), 400);
  assert.equal(forumAnswers("/", { method: "get" }), 400);
  assert.equal(forumAnswers("/", { httpVersion: "2.0" }), 505);
  assert.equal(forumAnswers(`/?${"x".repeat(17_000)}`), 414);
  assert.equal(forumAnswers("/", { headers: { big: ["x".repeat(17_000)] } }), 400);
  assert.equal(forumAnswers("/", { headers: { big: Array.from({ length: 9 }, () => "x".repeat(8000)) } }), 400);
  assert.equal(forumAnswers("/", { headers: { "transfer-encoding": ["chunked"], "content-length": ["1"] } }), 400);
  assert.equal(forumAnswers("/", { headers: { "transfer-encoding": ["gzip"] } }), 501);
});

const requestTo = (host: string[] | undefined, httpVersion = "1.1"): BalancerRequest => ({
  method: "GET",
  url: "/",
  headers: { host },
  sourceIp: "192.0.2.1",
  httpVersion,
});

test("exactly one well-formed Host is needed, except by HTTP/1.0", () => {
  const table = listenerRules(forum);
  for (const host of [undefined, [], ["a", "a"], [""], ["a/b"]]) {
    assert.deepEqual(evaluate(table, requestTo(host)), { type: "fixed-response", statusCode: 400 }, String(host));
  }
  assert.equal(evaluate(table, requestTo(undefined, "1.0")).type, "forward");
});

test("TRACE and CONNECT are not allowed", () => {
  assert.equal(forumAnswers("/api/users", { method: "TRACE" }), 405);
  assert.equal(forumAnswers("forum.example:443", { method: "CONNECT" }), 405);
  assert.equal(forumAnswers("/api/users", { method: "CONNECT" }), 400);
});

const addresses = (count: number) => Array.from({ length: count }, (_, index) => `10.0.0.${index}`).join(", ");

test("more than 30 addresses in X-Forwarded-For are too many, over all its lines", () => {
  assert.equal(forumAnswers("/", { headers: { "x-forwarded-for": [addresses(30)] } }), "monolith");
  assert.equal(forumAnswers("/", { headers: { "x-forwarded-for": [addresses(31)] } }), 463);
  assert.equal(forumAnswers("/", { headers: { "x-forwarded-for": [addresses(30), "10.0.1.1"] } }), 463);
});

/** Who answers when one rule with these conditions stands before the default action. */
const ruled = (conditions: Condition[], url: string, request?: Partial<BalancerRequest>) =>
  answerOf(
    { rules: [{ priority: 1, conditions, action: forwardTo("yes") }], defaultAction: forwardTo("no") },
    url,
    request,
  );

test("host-header compares the name without regard to case and port", () => {
  const conditions: Condition[] = [{ field: "host-header", values: ["*.Example.com"] }];
  assert.equal(ruled(conditions, "/", { headers: { host: ["A.EXAMPLE.com:8080"] } }), "yes");
  assert.equal(ruled(conditions, "/", { headers: { host: ["example.com"] } }), "no");
  assert.equal(ruled(conditions, "http://b.example.com/"), "yes");
});

test("http-request-method compares to the letter", () => {
  const conditions: Condition[] = [{ field: "http-request-method", values: ["POST", "MY-METHOD"] }];
  assert.equal(ruled(conditions, "/", { method: "MY-METHOD" }), "yes");
  assert.equal(ruled(conditions, "/"), "no");
});

test("http-header looks at each line of the header, without regard to case", () => {
  const conditions: Condition[] = [{ field: "http-header", httpHeaderName: "X-Version", values: ["v?", "2*"] }];
  assert.equal(ruled(conditions, "/", { headers: { "x-version": ["1", "V9"] } }), "yes");
  assert.equal(ruled(conditions, "/", { headers: { "x-version": ["1, v9"] } }), "no");
  assert.equal(ruled(conditions, "/"), "no");
});

test("query-string looks at each pair, without regard to case", () => {
  const pair: Condition[] = [{ field: "query-string", values: [{ key: "version", value: "V1" }] }];
  assert.equal(ruled(pair, "/?a=b&VERSION=v1"), "yes");
  assert.equal(ruled(pair, "/?version=v10"), "no");
  assert.equal(ruled(pair, "/#?version=v1"), "no");
  const anyKey: Condition[] = [{ field: "query-string", values: [{ value: "*=\\*" }] }];
  assert.equal(ruled(anyKey, "/?k=x=*"), "yes");
  assert.equal(ruled(anyKey, "/?k=x=y"), "no");
  const anything: Condition[] = [{ field: "query-string", values: [{ value: "*" }] }];
  assert.equal(ruled(anything, "/?flag"), "yes");
  assert.equal(ruled(anything, "/?"), "no");
});

test("source-ip looks at the peer only", () => {
  const conditions: Condition[] = [{ field: "source-ip", values: ["10.0.0.0/8", "2001:db8::/32"] }];
  assert.equal(ruled(conditions, "/", { sourceIp: "10.1.2.3" }), "yes");
  assert.equal(ruled(conditions, "/", { sourceIp: "::ffff:10.1.2.3" }), "yes");
  assert.equal(ruled(conditions, "/", { sourceIp: "2001:db8::1" }), "yes");
  assert.equal(ruled(conditions, "/", { headers: { "x-forwarded-for": ["10.1.2.3"] } }), "no");
});

test("all conditions of a rule have to hold, and the lowest priority number goes first", () => {
  const conditions: Condition[] = [
    { field: "path-pattern", values: ["/a"] },
    { field: "http-request-method", values: ["GET"] },
  ];
  assert.equal(ruled(conditions, "/a"), "yes");
  assert.equal(ruled(conditions, "/a", { method: "PUT" }), "no");
  const always: Condition[] = [{ field: "path-pattern", values: ["*"] }];
  const rules = [2, 1].map((priority) => ({ priority, conditions: always, action: forwardTo(`group${priority}`) }));
  assert.equal(answerOf({ rules, defaultAction: forwardTo("no") }, "/"), "group1");
});

test("the answer says what the target gets", () => {
  const request = {
    method: "GET",
    url: "http://A.example:81/x//%2F?q",
    headers: { host: ["b"] },
    sourceIp: "192.0.2.1",
  };
  assert.deepEqual(evaluate(listenerRules(forum), request), {
    type: "forward",
    targetGroups: [{ targetGroup: "monolith", weight: 1 }],
    url: "/x//%2F?q",
    host: { name: "a.example", port: "81" },
  });
});
