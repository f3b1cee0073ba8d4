import type { PutMetricAlarmCommandInput } from "@aws-sdk/client-cloudwatch";
import { call } from "../step.ts";
import { tagList } from "../tags.ts";
import type { Kind } from "../resource.ts";

export interface AlarmSpec extends Pick<
  PutMetricAlarmCommandInput,
  | "AlarmDescription"
  | "Namespace"
  | "MetricName"
  | "Statistic"
  | "ExtendedStatistic"
  | "Dimensions"
  | "Period"
  | "EvaluationPeriods"
  | "DatapointsToAlarm"
  | "Threshold"
  | "ComparisonOperator"
  | "TreatMissingData"
  | "AlarmActions"
> {
  AlarmName: string;
}

export const alarm: Kind<AlarmSpec> = {
  title: "CloudWatch alarm",
  attributes: [],

  create: ({ spec, tags }) => [call("cloudwatch", "PutMetricAlarm", { ...spec, Tags: tagList(tags) })],
};
