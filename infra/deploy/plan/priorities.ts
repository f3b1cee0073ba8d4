import type { ListenerRuleSpec } from "../kinds/listener-rule.ts";
import type { Resource } from "../resource.ts";
import { call } from "../step.ts";
import type { Change } from "./change.ts";
import type { FoundOfKind } from "./existing.ts";

const KIND = "listener-rule";
const HIGHEST = 50_000;

/**
 * Puts one call before all changes of listener rules, where priorities differ. AWS looks only at the order that results, so
 * rules can trade places in it, and a rule that will be deleted makes room at once: it goes to the end until then.
 */
export function withPriorities(
  changes: readonly Change[],
  wanted: readonly Resource[],
  existing: readonly FoundOfKind[],
): Change[] {
  const rules = existing.filter(({ kind, found }) => kind === KIND && found.owned).map(({ found }) => found);
  const goals = new Map(
    wanted.filter(({ kind }) => kind === KIND).map(({ id, spec }) => [id, (spec as ListenerRuleSpec).Priority]),
  );
  const taken = new Set([...goals.values(), ...rules.map(({ spec }) => Number(spec["Priority"]))]);
  const isWanted = (priority: number) => [...goals.values()].includes(priority);

  const RulePriorities = rules.flatMap(({ id, spec, attributes: { RuleArn } }) => {
    const present = Number(spec["Priority"]);
    const goal = id && goals.get(id);
    const Priority = goal ?? (isWanted(present) ? lastFree(taken) : present);
    return Priority === present ? [] : [{ RuleArn, Priority }];
  });
  if (RulePriorities.length === 0) return [...changes];
  const order: Change = {
    ...{ action: "change", id: `${KIND}/priorities`, kind: KIND, name: "priorities", differences: [], after: [] },
    steps: [call("elasticloadbalancing", "SetRulePriorities", { RulePriorities })],
  };
  return [order, ...changes.map((one) => (one.kind === KIND ? { ...one, after: [...one.after, order.id] } : one))];
}

/** The highest priority that nobody has; it is taken then. */
function lastFree(taken: Set<number>): number {
  let priority = HIGHEST;
  while (taken.has(priority)) priority -= 1;
  taken.add(priority);
  return priority;
}
