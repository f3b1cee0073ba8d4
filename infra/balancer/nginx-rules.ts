/** The rule table as nginx variables: `$target_group` is the upstream that a request goes to. */
import { headerExpression, queryExpression, wholeExpression } from "./nginx-expressions.ts";
import { forwardVariable, splitBlock, weightBlocks } from "./nginx-weights.ts";
import { block, quote } from "./nginx-text.ts";
import type { Condition, Rule, RuleTable } from "./rules.ts";

/**
 * The `map`, `geo` and `split_clients` blocks for a table.
 *
 * Each rule has a variable that holds its priority where the rule matches, and nothing otherwise. All of them side by
 * side, in the order of priorities, begin with the rule to follow.
 */
export function ruleBlocks(table: RuleTable): string[] {
  const rules = table.rules.toSorted((one, other) => one.priority - other.priority);
  const choices = rules.map((rule) => [quote(`~^${rule.priority},`), forwardVariable(rule)] as const);
  return [
    ...rules.flatMap((rule) => [...conditionBlocks(rule), ...weightBlocks(rule)]),
    splitBlock(table.defaultAction, "$forward_default"),
    block(`map "${rules.map((rule) => `$${nameOf(rule)}`).join("")}" $target_group`, [
      ["default", "$forward_default"],
      ...choices,
    ]),
  ];
}

const nameOf = (rule: Rule): string => `rule_${rule.priority}`;

function conditionBlocks(rule: Rule): string[] {
  const holds = `"${rule.priority},"`;
  const [only, ...others] = rule.conditions;
  if (only && others.length === 0) return [conditionBlock(only, nameOf(rule), holds)];
  const names = rule.conditions.map((_, index) => `${nameOf(rule)}_${index + 1}`);
  return [
    ...rule.conditions.map((condition, index) => conditionBlock(condition, names[index] ?? "", "1")),
    block(`map "${names.map((name) => `$${name}`).join("")}" $${nameOf(rule)}`, [
      ["default", `""`],
      [quote("1".repeat(names.length)), holds],
    ]),
  ];
}

/** A variable that is `holds` where one of the condition's values matches, and empty otherwise. */
function conditionBlock(condition: Condition, variable: string, holds: string): string {
  const map = (source: string, expressions: readonly string[]) =>
    block(`map ${source} $${variable}`, [
      ["default", `""`],
      ...expressions.map((text) => [quote(text), holds] as const),
    ]);
  switch (condition.field) {
    case "path-pattern":
      return map(
        "$uri",
        condition.values.map((path) => `~${wholeExpression(path)}`),
      );
    case "host-header":
      return map(
        "$host",
        condition.values.map((host) => `~*${wholeExpression(host)}`),
      );
    case "http-request-method":
      return map(
        "$request_method",
        condition.values.map((method) => `~^${method}$`),
      );
    case "http-header": {
      const name = condition.httpHeaderName;
      return map(
        "$alb_header_lines",
        condition.values.map((value) => `~*${headerExpression(name, value)}`),
      );
    }
    case "query-string":
      return map(
        "$args",
        condition.values.map((pair) => `~*${queryExpression(pair)}`),
      );
    // source-ip is the one field left.
    default:
      return block(`geo $${variable}`, [["default", `""`], ...condition.values.map((cidr) => [cidr, holds] as const)]);
  }
}
