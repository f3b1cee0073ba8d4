import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { attributes, type Kind } from "../resource.ts";
import { call } from "../step.ts";
import { tagList } from "../tags.ts";

export interface ListenerRuleSpec {
  ListenerArn: string;
  Priority: number;
  Conditions: RuleCondition[];
  Actions: Action[];
}

export const listenerRule: Kind<ListenerRuleSpec> = {
  title: "Listener rule",
  attributes: ["RuleArn"],

  create: ({ spec, tags }) => [
    call(
      "elasticloadbalancing",
      "CreateRule",
      { ...spec, Tags: tagList(tags) },
      { gives: ({ Rules }) => attributes(Rules?.[0], "RuleArn") },
    ),
  ],
};
