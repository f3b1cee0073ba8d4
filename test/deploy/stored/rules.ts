/** The listener rules that AWS has, turned back into a table of rules. */
import type { Action, Rule, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Condition, ForwardAction, RuleTable } from "../../../infra/balancer/rules.ts";
import type { Ask } from "../../../infra/deploy/ask.ts";

/** The rules of the load balancer of that name; its target groups are called as on AWS. */
export async function readRules(ask: Ask, balancer: string): Promise<RuleTable> {
  const [found] = await ask("elasticloadbalancing", "DescribeLoadBalancers", { Names: [balancer] });
  const { LoadBalancerArn } = found!.LoadBalancers![0]!;
  const [listening] = await ask("elasticloadbalancing", "DescribeListeners", { LoadBalancerArn });
  const { ListenerArn } = listening!.Listeners![0]!;
  const answers = await ask("elasticloadbalancing", "DescribeRules", { ListenerArn });
  const groups = await ask("elasticloadbalancing", "DescribeTargetGroups", { LoadBalancerArn });
  const names = groups.flatMap(({ TargetGroups }) => TargetGroups ?? []);
  return ruleTableOf(
    answers.flatMap(({ Rules }) => Rules ?? []),
    new Map(names.map(({ TargetGroupArn = "", TargetGroupName = "" }) => [TargetGroupArn, TargetGroupName])),
  );
}

/** @param names of target groups, by ARN */
function ruleTableOf(rules: Rule[], names: ReadonlyMap<string, string>): RuleTable {
  const isDefault = ({ IsDefault }: Rule) => IsDefault ?? false;
  return {
    rules: rules
      .filter((rule) => !isDefault(rule))
      .map(({ Priority, Conditions = [], Actions }) => ({
        priority: Number(Priority),
        conditions: Conditions.map(conditionOf),
        action: forwardOf(Actions, names),
      })),
    defaultAction: forwardOf(rules.find(isDefault)?.Actions, names),
  };
}

function forwardOf(actions: Action[] = [], names: ReadonlyMap<string, string>): ForwardAction {
  const groups = actions.find(({ Type }) => Type === "forward")?.ForwardConfig?.TargetGroups ?? [];
  return {
    type: "forward",
    targetGroups: groups.map(({ TargetGroupArn = "", Weight = 1 }) => ({
      targetGroup: names.get(TargetGroupArn) ?? TargetGroupArn,
      weight: Weight,
    })),
  };
}

/** @throws Error for a field that AWS does not have */
function conditionOf(condition: RuleCondition): Condition {
  const { Field: field } = condition;
  switch (field) {
    case "path-pattern":
      return { field, values: condition.PathPatternConfig?.Values ?? [] };
    case "host-header":
      return { field, values: condition.HostHeaderConfig?.Values ?? [] };
    case "http-request-method":
      return { field, values: condition.HttpRequestMethodConfig?.Values ?? [] };
    case "http-header": {
      const { HttpHeaderName: httpHeaderName = "", Values: values = [] } = condition.HttpHeaderConfig ?? {};
      return { field, httpHeaderName, values };
    }
    case "query-string":
      return {
        field,
        values: (condition.QueryStringConfig?.Values ?? []).map(({ Key, Value = "" }) =>
          Key ? { key: Key, value: Value } : { value: Value },
        ),
      };
    case "source-ip":
      return { field, values: condition.SourceIpConfig?.Values ?? [] };
    default:
      throw new Error(`A rule has a condition on ${field}`);
  }
}
