/** Arbitrary rule tables with all six conditions, as an Application Load Balancer accepts them. */
import * as fc from "fast-check";
import { ruleMistakes } from "../../infra/balancer/limits.ts";
import { forwardTo, type Condition, type ForwardAction, type RuleTable } from "../../infra/balancer/rules.ts";
import { forum } from "../../infra/forum.ts";
import { words } from "./odd-requests.ts";

const word = fc.constantFrom(...words);
const wildcard = fc.constantFrom("*", "*", "?");
const sample = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((texts) => texts.join(""));
const values = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: 1, maxLength: 2 });

const path = fc.oneof(
  sample(
    fc.constant("/"),
    fc.oneof(word, wildcard),
    fc.constantFrom("", "/", "/*", "?", "*/"),
    fc.oneof(word, fc.constant("")),
  ),
  fc.constantFrom("*", "/", "/api/*", "*users", "/*a*b*", "/?", "/+", "*.*", "*'*"),
);
const value = fc.oneof(
  word,
  sample(word, wildcard),
  sample(wildcard, word),
  fc.constantFrom("\\*", "a, b", "a??b", "?"),
);

const byField = {
  path: fc.record({ field: fc.constant("path-pattern" as const), values: values(path) }),
  host: fc.record({
    field: fc.constant("host-header" as const),
    values: values(sample(fc.oneof(word, wildcard), fc.constantFrom(".example", ".EXAMPLE", ".ex*"))),
  }),
  method: fc.record({
    field: fc.constant("http-request-method" as const),
    values: values(fc.constantFrom("GET", "POST", "PUT", "MY-METHOD")),
  }),
  header: fc.record({
    field: fc.constant("http-header" as const),
    httpHeaderName: fc.constantFrom("X-Version", "X-Version", "x.version", "X-Forwarded-For", "Cookie"),
    values: values(value),
  }),
  query: fc.record({
    field: fc.constant("query-string" as const),
    values: values(
      fc.oneof(
        fc.record({
          key: fc.oneof(word, sample(word, wildcard), fc.constantFrom("?", "a=b")),
          value: value.filter((text) => !text.includes(" ")),
        }),
        fc.record({ value: fc.oneof(word, fc.constantFrom("*", "*", "=*", "*b", "a&b", "?")) }),
      ),
    ),
  }),
  source: fc.record({
    field: fc.constant("source-ip" as const),
    values: values(fc.constantFrom("127.0.0.0/8", "172.16.0.0/12", "10.0.0.0/8", "128.0.0.0/1", "::/0")),
  }),
};

const condition: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 3, arbitrary: byField.path },
  { weight: 1, arbitrary: byField.host },
  { weight: 1, arbitrary: byField.method },
  { weight: 4, arbitrary: byField.header },
  { weight: 4, arbitrary: byField.query },
  { weight: 1, arbitrary: byField.source },
);

const action: fc.Arbitrary<ForwardAction> = fc
  .subarray(
    forum.services.map((service) => service.name),
    { minLength: 1 },
  )
  .chain((names) =>
    fc.record({
      type: fc.constant("forward" as const),
      targetGroups: fc.tuple(
        ...names.map((targetGroup) =>
          fc.record({ targetGroup: fc.constant(targetGroup), weight: fc.constantFrom(0, 1, 1, 500, 999) }),
        ),
      ),
    }),
  );

export const oddTable: fc.Arbitrary<RuleTable> = fc
  .record({
    rules: fc.uniqueArray(
      fc.record({
        priority: fc.integer({ min: 1, max: 50_000 }),
        conditions: fc.array(condition, { minLength: 1, maxLength: 2 }),
        action,
      }),
      { minLength: 5, maxLength: 12, selector: (rule) => rule.priority },
    ),
    defaultAction: action,
  })
  .map(({ rules, defaultAction }) => ({
    rules: rules.filter((rule) => ruleMistakes({ rules: [rule], defaultAction: rule.action }).length === 0),
    defaultAction,
  }))
  .filter((table) => table.rules.length >= 3 && ruleMistakes(table).length === 0);

/** A table in which each kind of condition decides about the requests of one method. */
export const everyConditionTable: RuleTable = {
  rules: Object.entries<Condition>({
    PUT: { field: "query-string", values: [{ value: "*" }] },
    GET: {
      field: "query-string",
      values: [
        { key: "a*", value: "?" },
        { key: "*s", value: "**" },
      ],
    },
    POST: { field: "http-header", httpHeaderName: "X-Version", values: ["A*", "*, b"] },
    PATCH: { field: "source-ip", values: ["128.0.0.0/1"] },
    DELETE: { field: "host-header", values: ["?.EX*", "api.*"] },
    OPTIONS: { field: "path-pattern", values: ["/*a?i*", "/?*s"] },
  }).map(([method, deciding], index) => ({
    priority: index + 1,
    conditions: [{ field: "http-request-method", values: [method] }, deciding],
    action: forwardTo("users"),
  })),
  defaultAction: forwardTo("monolith"),
};
