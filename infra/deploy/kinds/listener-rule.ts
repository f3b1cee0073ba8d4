import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { isContained } from "../differences.ts";
import { attributes, own, type Kind } from "../resource.ts";
import { found } from "../scope.ts";
import { call } from "../step.ts";
import { tagList } from "../tags.ts";
import { comparedActions, destinations, keepingWeights, listenersOf, tagsByArn } from "./load-balancing.ts";

export interface ListenerRuleSpec {
  ListenerArn: string;
  Priority: number;
  Conditions: RuleCondition[];
  Actions: Action[];
}

export const listenerRule: Kind<ListenerRuleSpec> = {
  title: "Listener rule",
  attributes: ["RuleArn"],
  fixed: ["ListenerArn"],

  read: async (ask, scope) => {
    const listeners = await listenersOf(ask, scope);
    const answers = await Promise.all(
      listeners.map(async ({ ListenerArn }) => {
        const pages = await ask("elasticloadbalancing", "DescribeRules", { ListenerArn });
        return pages.flatMap(({ Rules }) => Rules ?? []).map((rule) => ({ rule, ListenerArn }));
      }),
    );
    const rules = answers.flat().filter(({ rule }) => !rule.IsDefault);
    const tags = await tagsByArn(
      ask,
      rules.map(({ rule }) => rule.RuleArn ?? ""),
    );
    return rules.map(({ ListenerArn, rule: { RuleArn = "", Priority, Conditions, Actions } }) =>
      found(scope, tags.get(RuleArn) ?? {}, {
        name: RuleArn,
        attributes: { RuleArn },
        spec: { ListenerArn, Priority: Number(Priority), Conditions, Actions: destinations(Actions) },
      }),
    );
  },

  compared: (spec) => ({ ...spec, Actions: comparedActions(spec.Actions) }),

  create: ({ spec, tags }) => [
    call(
      "elasticloadbalancing",
      "CreateRule",
      { ...spec, Tags: tagList(tags) },
      { gives: ({ Rules }) => attributes(Rules?.[0], "RuleArn") },
    ),
  ],

  change: (resource, existing) => {
    if (!existing) return [];
    const present = existing.spec["Actions"];
    const Actions = keepingWeights(resource.spec.Actions, present);
    const changed = {
      ...(!isContained(resource.spec.Conditions, existing.spec["Conditions"]) && {
        Conditions: resource.spec.Conditions,
      }),
      ...(!isContained(comparedActions(Actions), present) && { Actions }),
    };
    // Priorities are not a rule's own affair: see plan/priorities.ts.
    if (Object.keys(changed).length === 0) return [];
    return [call("elasticloadbalancing", "ModifyRule", { RuleArn: own(resource, "RuleArn"), ...changed })];
  },

  remove: ({ attributes: { RuleArn } }) => [
    call("elasticloadbalancing", "DeleteRule", { RuleArn }, { tolerates: ["RuleNotFoundException"] }),
  ],
};
