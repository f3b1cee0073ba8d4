/**
 * The weights of a rule as nginx blocks of their own. They stand in the configuration as the table has them; the same
 * blocks in `/var/lib/alb/PRIORITY.conf`, written while nginx runs, are read after them. nginx gives a variable that is
 * declared twice the later value, so without the file the table's own weights hold.
 */
import { block, quote } from "./nginx-text.ts";
import type { ForwardAction, Rule } from "./rules.ts";

/** The variable with the target group that a rule draws for a request. */
export const forwardVariable = (rule: Rule): string => `$forward_rule_${rule.priority}`;

/** The variable by which nginx says which weights it runs a rule with. */
export const weightsVariable = (rule: Rule): string => `$weights_rule_${rule.priority}`;

/** The blocks that draw a target group for a rule and say with which weights. */
export const weightBlocks = (rule: Rule): string[] => [
  splitBlock(rule.action, forwardVariable(rule)),
  block(`map $pid ${weightsVariable(rule)}`, [["default", quote(formatWeights(rule))]]),
];

/** A block that draws one of the target groups of an action. */
export function splitBlock(action: ForwardAction, variable: string): string {
  const groups = action.targetGroups.filter(({ weight }) => weight > 0);
  const total = groups.reduce((sum, { weight }) => sum + weight, 0);
  const shares = groups.map(({ targetGroup, weight }, index) => {
    const percent = ((weight / total) * 100).toFixed(2);
    // The last one takes what rounding leaves.
    return [index < groups.length - 1 ? `${percent}%` : "*", targetGroup] as const;
  });
  return block(`split_clients $request_id ${variable}`, shares);
}

/** By priority of a rule: the weight of each target group that it forwards to. */
export type WeightsByPriority = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Writes weights as `300=posts:25,monolith:75`. */
const formatWeights = ({ priority, action }: Rule): string =>
  `${priority}=${action.targetGroups.map(({ targetGroup, weight }) => `${targetGroup}:${weight}`).join(",")}`;

/** Reads what a running nginx says of its rules, in any number of lines. */
export const parseWeights = (text: string): WeightsByPriority =>
  Object.fromEntries(
    [...text.matchAll(/(\d+)=(\S+)/g)].map(([, priority = "", groups = ""]) => [
      priority,
      Object.fromEntries([...groups.matchAll(/([^:,]+):(\d+)/g)].map(([, group, weight]) => [group, Number(weight)])),
    ]),
  );
