import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { isContained } from "../differences.ts";
import { attributes, own, type Kind } from "../resource.ts";
import { found } from "../scope.ts";
import { call } from "../step.ts";
import { tagList } from "../tags.ts";
import { comparedActions, listenersOf, tagsByArn } from "./load-balancing.ts";

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
        spec: { ListenerArn, Priority: Number(Priority), Conditions, Actions: comparedActions(Actions) },
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
    const { Priority, Conditions, Actions } = resource.spec;
    const RuleArn = own(resource, "RuleArn");
    const moved = Priority !== existing.spec["Priority"];
    const leadsElsewhere = !isContained(comparedActions(Actions), existing.spec["Actions"]);
    return [
      ...(moved
        ? [call("elasticloadbalancing", "SetRulePriorities", { RulePriorities: [{ RuleArn, Priority }] })]
        : []),
      // Without actions the weights stay what they are.
      call("elasticloadbalancing", "ModifyRule", { RuleArn, Conditions, ...(leadsElsewhere && { Actions }) }),
    ];
  },

  remove: ({ attributes: { RuleArn } }) => [
    call("elasticloadbalancing", "DeleteRule", { RuleArn }, { tolerates: ["RuleNotFoundException"] }),
  ],
};
