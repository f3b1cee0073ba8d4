/** The rule table as nginx variables: `$target_group` is the upstream that a request goes to. */
import { headerExpression, queryExpression, wholeExpression } from "./nginx-expressions.ts";
import type { Condition, ForwardAction, Rule, RuleTable } from "./rules.ts";

/**
 * The `map`, `geo` and `split_clients` blocks for a table.
 *
 * Each rule has a variable that holds its priority where the rule matches, and nothing otherwise. All of them side by
 * side, in the order of priorities, begin with the rule to follow.
 */
export function ruleBlocks(table: RuleTable): string[] {
  const rules = table.rules.toSorted((one, other) => one.priority - other.priority);
  const choices = rules.map((rule) => [quote(`~^${rule.priority},`), upstreamFor(rule.action, nameOf(rule))] as const);
  return [
    ...rules.flatMap((rule) => [...conditionBlocks(rule), ...splitBlock(rule.action, nameOf(rule))]),
    ...splitBlock(table.defaultAction, "default"),
    block(`map "${rules.map((rule) => `$${nameOf(rule)}`).join("")}" $target_group`, [
      ["default", upstreamFor(table.defaultAction, "default")],
      ...choices,
    ]),
  ];
}

const nameOf = (rule: Rule): string => `rule_${rule.priority}`;

type Line = readonly [string, string];

const block = (head: string, lines: readonly Line[]): string =>
  [`${head} {`, ...lines.map(([key, value]) => `  ${key} ${value};`), "}"].join("\n");

/** A string for nginx's configuration, which takes off one layer of backslashes. */
const quote = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`;

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

const withShare = (action: ForwardAction) => action.targetGroups.filter(({ weight }) => weight > 0);

/** The upstream of an action, or the variable that draws it. */
function upstreamFor(action: ForwardAction, name: string): string {
  const [only, ...others] = withShare(action);
  return only && others.length === 0 ? only.targetGroup : `$forward_${name}`;
}

/** The block that draws one of several target groups; none for a single one. */
function splitBlock(action: ForwardAction, name: string): string[] {
  const groups = withShare(action);
  if (groups.length < 2) return [];
  const total = groups.reduce((sum, { weight }) => sum + weight, 0);
  const shares = groups.map(({ targetGroup, weight }, index) => {
    const percent = ((weight / total) * 100).toFixed(2);
    // The last one takes what rounding leaves.
    return [index < groups.length - 1 ? `${percent}%` : "*", targetGroup] as const;
  });
  return [block(`split_clients $request_id $forward_${name}`, shares)];
}
