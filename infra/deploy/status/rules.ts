import { forum } from "../../forum.ts";
import type { Ask } from "../ask.ts";
import { blueprint } from "../desired/blueprint.ts";
import type { Environment } from "../environment.ts";
import { listenersOf } from "../kinds/load-balancing.ts";
import { scopeOf } from "../scope.ts";

export interface RuleStatus {
  arn: string;
  priority: string;
  paths: string[];
  /** Weights by target group. */
  weights: Record<string, number>;
  /** ARNs of the target groups. */
  targetGroups: Record<string, string>;
}

/** The rules of the environment's listeners, in the order in which they are asked. */
export async function readRules(ask: Ask, environment: Environment): Promise<RuleStatus[]> {
  const scope = scopeOf(blueprint(forum, environment));
  const listeners = await listenersOf(ask, scope);
  const answers = await Promise.all(
    listeners.map(({ ListenerArn }) => ask("elasticloadbalancing", "DescribeRules", { ListenerArn })),
  );
  const nameOf = (arn: string) => arn.split("/")[1]?.slice(scope.prefix.length + 1) ?? arn;
  return answers
    .flat()
    .flatMap(({ Rules }) => Rules ?? [])
    .map(({ RuleArn = "", Priority = "", Conditions = [], Actions = [] }) => {
      const groups = Actions.flatMap(({ ForwardConfig }) => ForwardConfig?.TargetGroups ?? []);
      return {
        arn: RuleArn,
        priority: Priority,
        paths: Conditions.flatMap(({ PathPatternConfig }) => PathPatternConfig?.Values ?? []),
        weights: Object.fromEntries(
          groups.map(({ TargetGroupArn = "", Weight = 1 }) => [nameOf(TargetGroupArn), Weight]),
        ),
        targetGroups: Object.fromEntries(
          groups.map(({ TargetGroupArn = "" }) => [nameOf(TargetGroupArn), TargetGroupArn]),
        ),
      };
    })
    .toSorted((one, other) => order(one) - order(other));
}

/** The default action is asked last. */
const order = ({ priority }: RuleStatus): number => (priority === "default" ? Infinity : Number(priority));
