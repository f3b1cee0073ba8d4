/** What an Application Load Balancer accepts of a rule table. */
import { isIP } from "node:net";
import { isWithin, repeated, unless } from "./mistakes.ts";
import { fieldsWithEscapes, parsePattern, wildcardsIn } from "./pattern.ts";
import type { Condition, ForwardAction, Rule, RuleTable } from "./rules.ts";

const limits = {
  rules: 100,
  priority: 50_000,
  valuesPerRule: 5,
  wildcardsPerRule: 5,
  targetGroupsPerForward: 5,
  weight: 999,
};

/** Fields that a rule may look at more than once; each of the others stands in one condition at most. */
const repeatable: ReadonlySet<string> = new Set(["http-header", "query-string"]);

/** Every mistake of a table as a sentence that says where it is; none for a table that AWS accepts. */
export function ruleMistakes(table: RuleTable): string[] {
  const { rules, defaultAction } = table;
  return [
    ...unless(rules.length <= limits.rules, `${rules.length} rules; a load balancer has at most ${limits.rules}`),
    ...repeated(rules.map((rule) => rule.priority)).map((priority) => `priority ${priority} is given to several rules`),
    ...rules.flatMap((rule) => mistakesOfRule(rule).map((mistake) => `rule ${rule.priority}: ${mistake}`)),
    ...mistakesOfAction(defaultAction).map((mistake) => `default action: ${mistake}`),
  ];
}

/** Throws an `Error` that lists every mistake of the table, when it has any. */
export function assertAcceptable(table: RuleTable): void {
  const mistakes = ruleMistakes(table);
  if (mistakes.length > 0) {
    throw new Error(
      `An Application Load Balancer would refuse these rules:\n${mistakes.map((m) => `  ${m}`).join("\n")}`,
    );
  }
}

function mistakesOfRule({ priority, conditions, action }: Rule): string[] {
  const values = conditions.flatMap((condition) => [...condition.values]).length;
  const wildcards = conditions.flatMap(patternsOf).reduce((sum, tokens) => sum + wildcardsIn(tokens), 0);
  const once = conditions.map((condition) => condition.field).filter((field) => !repeatable.has(field));
  return [
    ...unless(isWithin(priority, 1, limits.priority), `the priority must be an integer from 1 to ${limits.priority}`),
    ...unless(conditions.length > 0, "it has no condition"),
    ...unless(values <= limits.valuesPerRule, `${values} values; a rule has at most ${limits.valuesPerRule}`),
    ...unless(
      wildcards <= limits.wildcardsPerRule,
      `${wildcards} wildcards; a rule has at most ${limits.wildcardsPerRule}`,
    ),
    ...repeated(once).map((field) => `${field} stands in several conditions; give one condition all values`),
    ...conditions.flatMap(mistakesOfCondition),
    ...mistakesOfAction(action),
  ];
}

/** The patterns of a condition; fields without wildcards have none. */
function patternsOf(condition: Condition) {
  const escapes = fieldsWithEscapes.has(condition.field);
  switch (condition.field) {
    case "http-request-method":
    case "source-ip":
      return [];
    case "query-string":
      return condition.values.flatMap(({ key = "", value }) => [key, value]).map((text) => parsePattern(text, escapes));
    default:
      return condition.values.map((text) => parsePattern(text, escapes));
  }
}

function mistakesOfCondition(condition: Condition): string[] {
  const { field } = condition;
  const empty = unless(condition.values.length > 0, `${field} has no value`);
  switch (field) {
    case "path-pattern":
      return [...empty, ...condition.values.flatMap((path) => like(field, path, /^[\w.$/~"'@:+&*?-]{1,128}$/))];
    case "host-header":
      return [
        ...empty,
        ...condition.values.flatMap((host) => like(field, host, /^(?=.{1,128}$)[\w.*?-]*\.[a-z*?]+$/i)),
      ];
    case "http-request-method":
      return [...empty, ...condition.values.flatMap((method) => like(field, method, /^[A-Z_-]{1,40}$/))];
    case "http-header":
      return [
        ...empty,
        ...like("name of http-header", condition.httpHeaderName, /^[\w!#$%&'*+.^`|~-]{1,40}$/),
        ...unless(!/^host$/i.test(condition.httpHeaderName), "http-header cannot look at Host; use host-header"),
        ...condition.values.flatMap((value) => like(field, value, /^[\x20-\x7e]{1,128}$/)),
      ];
    case "query-string":
      return [
        ...empty,
        ...condition.values.flatMap(({ key, value }) => [
          ...(key === undefined ? [] : like("key of query-string", key, /^[\x21-\x7e]{1,128}$/)),
          ...like(field, value, /^[\x21-\x7e]{1,128}$/),
        ]),
      ];
    // source-ip is the one field left.
    default:
      return [
        ...empty,
        ...condition.values.filter((cidr) => !isCidr(cidr)).map((cidr) => `${field} "${cidr}" is no CIDR`),
      ];
  }
}

function mistakesOfAction({ targetGroups }: ForwardAction): string[] {
  const names = targetGroups.map(({ targetGroup }) => targetGroup);
  return [
    ...unless(
      isWithin(names.length, 1, limits.targetGroupsPerForward),
      `it forwards to ${names.length} target groups; 1 to ${limits.targetGroupsPerForward} are possible`,
    ),
    ...repeated(names).map((name) => `it forwards to target group "${name}" twice`),
    ...names.flatMap((name) => like("target group", name, /^(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/)),
    ...targetGroups
      .filter(({ weight }) => !isWithin(weight, 0, limits.weight))
      .map(
        ({ targetGroup, weight }) => `weight ${weight} of "${targetGroup}" is no integer from 0 to ${limits.weight}`,
      ),
    ...unless(
      targetGroups.some(({ weight }) => weight > 0),
      "no target group has a weight above 0",
    ),
  ];
}

const like = (what: string, text: string, permitted: RegExp): string[] =>
  unless(permitted.test(text), `${what} "${text}" is too long, empty, or has characters that are not permitted`);

function isCidr(text: string): boolean {
  const [address = "", prefix = "", ...rest] = text.split("/");
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
}
