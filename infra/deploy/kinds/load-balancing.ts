/** What the kinds of load balancing read alike. */
import type { Action, TargetGroupTuple } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Ask } from "../ask.ts";
import type { Tags } from "../resource.ts";
import { isNamedFor, tagsFrom, type Scope } from "../scope.ts";

/** ARNs of which the tags are told in one answer. */
const TAGS_AT_ONCE = 20;

/** The tags of load balancers, target groups, listeners or rules, by ARN. */
export async function tagsByArn(ask: Ask, arns: string[]): Promise<Map<string, Tags>> {
  const parts = Array.from({ length: Math.ceil(arns.length / TAGS_AT_ONCE) }, (_, part) =>
    arns.slice(part * TAGS_AT_ONCE, (part + 1) * TAGS_AT_ONCE),
  );
  const answers = await Promise.all(
    parts.map((ResourceArns) => ask("elasticloadbalancing", "DescribeTags", { ResourceArns })),
  );
  const described = answers.flat().flatMap(({ TagDescriptions }) => TagDescriptions ?? []);
  return new Map(described.map(({ ResourceArn = "", Tags }) => [ResourceArn, tagsFrom(Tags)]));
}

/** Attributes by key. */
export const attributesOf = (
  answers: { Attributes?: { Key?: string | undefined; Value?: string | undefined }[] | undefined }[],
): Record<string, string> => ({ ...tagsFrom(answers.flatMap(({ Attributes }) => Attributes ?? [])) });

/** The listeners of the environment's load balancers. */
export async function listenersOf(ask: Ask, scope: Scope) {
  const answers = await ask("elasticloadbalancing", "DescribeLoadBalancers", {});
  const balancers = answers
    .flatMap(({ LoadBalancers }) => LoadBalancers ?? [])
    .filter(({ LoadBalancerName }) => isNamedFor(scope, LoadBalancerName));
  const listeners = await Promise.all(
    balancers.map(({ LoadBalancerArn }) => ask("elasticloadbalancing", "DescribeListeners", { LoadBalancerArn })),
  );
  return listeners.flat().flatMap(({ Listeners }) => Listeners ?? []);
}

/** Where an action leads: target groups, or another address. */
interface Destination {
  Type: Action["Type"];
  TargetGroups?: TargetGroupTuple[];
  Protocol?: string | undefined;
  Port?: string | undefined;
}

type GroupOf = (group: TargetGroupTuple) => TargetGroupTuple;

const destinationOf = (
  { Type, ForwardConfig, TargetGroupArn, RedirectConfig }: Action,
  groupOf: GroupOf,
): Destination => ({
  Type,
  ...(Type === "forward" && {
    TargetGroups: (ForwardConfig?.TargetGroups ?? [{ TargetGroupArn, Weight: 1 }]).map(groupOf),
  }),
  ...(RedirectConfig && { Protocol: RedirectConfig.Protocol, Port: RedirectConfig.Port }),
});

/** Where actions lead, and with which weights. */
export const destinations = (actions: Action[] | undefined): Destination[] | undefined =>
  actions?.map((action) => destinationOf(action, (group) => group));

/**
 * What of actions is wanted: where they lead, but not with which weights. Those are moved by hand or by a move of a module,
 * and no deploy may undo that.
 */
export const comparedActions = (actions: Action[] | undefined): Destination[] | undefined =>
  actions?.map((action) => destinationOf(action, ({ TargetGroupArn }) => ({ TargetGroupArn })));

/**
 * The actions with the weights that their target groups have now. A group that is added gets nothing, as long as one of
 * the others gets something.
 * @param present where the actions lead that are there
 */
export function keepingWeights(actions: Action[], present: unknown): Action[] {
  const groups = (present as Destination[]).flatMap(({ TargetGroups = [] }) => TargetGroups);
  const weights = new Map(groups.map(({ TargetGroupArn, Weight = 1 }) => [TargetGroupArn, Weight]));
  return actions.map((action) => {
    const kept = action.ForwardConfig?.TargetGroups?.map((group) => ({
      ...group,
      Weight: weights.get(group.TargetGroupArn) ?? 0,
    }));
    if (!kept?.some(({ Weight }) => Weight > 0)) return action;
    return { ...action, ForwardConfig: { ...action.ForwardConfig, TargetGroups: kept } };
  });
}
