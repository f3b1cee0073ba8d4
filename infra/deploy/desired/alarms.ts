import type { Service } from "../../forum.ts";
import type { AlarmSpec } from "../kinds/alarm.ts";
import type { Resource } from "../resource.ts";
import { nameOf, refTo, resource, type Blueprint } from "./blueprint.ts";

const BALANCER = "AWS/ApplicationELB";
/** What a starting service logs. */
const STARTED = '{ $.msg = "ready" }';

/** What of an alarm is the same for all: several bad minutes count, silence does not. */
type Particular = Omit<AlarmSpec, "AlarmName" | "AlarmActions">;
const overMinutes = (EvaluationPeriods: number, DatapointsToAlarm: number) => ({
  Period: 60,
  EvaluationPeriods,
  DatapointsToAlarm,
  ComparisonOperator: "GreaterThanOrEqualToThreshold" as const,
  TreatMissingData: "notBreaching",
});

/** The alarms of a service: server errors, slow answers, targets that fail their check, tasks that start again and again. */
export function alarms(plan: Blueprint, { name }: Service): Resource[] {
  const Dimensions = [
    { Name: "LoadBalancer", Value: refTo("load-balancer", "main", "ResourceLabel") },
    { Name: "TargetGroup", Value: refTo("target-group", name, "ResourceLabel") },
  ];
  const starts = { namespace: nameOf(plan), name: `TaskStarts-${name}` };
  return [
    alarm(plan, `${name}-5xx`, {
      AlarmDescription: `${name} answers with 5xx`,
      Namespace: BALANCER,
      MetricName: "HTTPCode_Target_5XX_Count",
      Statistic: "Sum",
      Dimensions,
      Threshold: 5,
      ...overMinutes(5, 3),
    }),
    alarm(plan, `${name}-latency`, {
      AlarmDescription: `one answer of ${name} in a hundred takes a second or more`,
      Namespace: BALANCER,
      MetricName: "TargetResponseTime",
      ExtendedStatistic: "p99",
      Dimensions,
      Threshold: 1,
      ...overMinutes(5, 3),
    }),
    alarm(plan, `${name}-unhealthy`, {
      AlarmDescription: `a task of ${name} fails its health check`,
      Namespace: BALANCER,
      MetricName: "UnHealthyHostCount",
      Statistic: "Maximum",
      Dimensions,
      Threshold: 1,
      ...overMinutes(5, 3),
    }),
    // ECS counts no restarts without Container Insights, which costs more than all alarms: the log tells as well.
    resource(
      plan,
      "metric-filter",
      `${name}-starts`,
      {
        logGroupName: nameOf(plan, name),
        filterName: "starts",
        filterPattern: STARTED,
        metricTransformations: [{ metricNamespace: starts.namespace, metricName: starts.name, metricValue: "1" }],
      },
      [`log-group/${name}`],
    ),
    alarm(plan, `${name}-restarts`, {
      AlarmDescription: `tasks of ${name} start again and again`,
      Namespace: starts.namespace,
      MetricName: starts.name,
      Statistic: "Sum",
      Threshold: 3,
      ...overMinutes(15, 3),
    }),
  ];
}

/** The alarm of the balancer itself: it found nobody to answer. */
export const balancerAlarm = (plan: Blueprint): Resource =>
  alarm(plan, "balancer-5xx", {
    AlarmDescription: "the load balancer itself answers with 5xx",
    Namespace: BALANCER,
    MetricName: "HTTPCode_ELB_5XX_Count",
    Statistic: "Sum",
    Dimensions: [{ Name: "LoadBalancer", Value: refTo("load-balancer", "main", "ResourceLabel") }],
    Threshold: 5,
    ...overMinutes(5, 3),
  });

const alarm = (plan: Blueprint, name: string, particular: Particular): Resource =>
  resource(plan, "alarm", name, {
    AlarmName: nameOf(plan, name),
    ...particular,
    AlarmActions: plan.environment.alarmTopics,
  });
