/** What the kinds of load balancing read alike. */
import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
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

/**
 * What of actions is compared: where they lead, but not with which weights. Those are moved by hand or by a move of a
 * module, and no deploy may undo that.
 */
export const comparedActions = (actions: Action[] | undefined) =>
  actions?.map(({ Type, ForwardConfig, TargetGroupArn, RedirectConfig }) => ({
    Type,
    ...(Type === "forward" && { TargetGroups: targetsOf({ ForwardConfig, TargetGroupArn }) }),
    ...(RedirectConfig && { Protocol: RedirectConfig.Protocol, Port: RedirectConfig.Port }),
  }));

const targetsOf = ({ ForwardConfig, TargetGroupArn }: Pick<Action, "ForwardConfig" | "TargetGroupArn">) =>
  ForwardConfig?.TargetGroups?.map((group) => group.TargetGroupArn) ?? [TargetGroupArn];
