import type { PutMetricAlarmCommandInput } from "@aws-sdk/client-cloudwatch";
import type { Kind, Resource } from "../resource.ts";
import { found, isNamedFor, tagsFrom } from "../scope.ts";
import { call } from "../step.ts";
import { tagList } from "../tags.ts";

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
  fixed: ["AlarmName"],

  read: async (ask, scope) => {
    const answers = await ask("cloudwatch", "DescribeAlarms", { AlarmNamePrefix: `${scope.prefix}-` });
    const named = answers
      .flatMap(({ MetricAlarms }) => MetricAlarms ?? [])
      .filter(({ AlarmName }) => isNamedFor(scope, AlarmName));
    return Promise.all(
      named.map(async ({ AlarmArn, ...one }) => {
        const [tags] = await ask("cloudwatch", "ListTagsForResource", { ResourceARN: AlarmArn });
        return found(scope, tagsFrom(tags?.Tags), { name: one.AlarmName, attributes: {}, spec: comparable(one) });
      }),
    );
  },

  create: (resource) => [put(resource)],
  change: (resource, existing) => (existing ? [put(resource)] : []),
  remove: ({ name }) => [call("cloudwatch", "DeleteAlarms", { AlarmNames: [name] })],
};

const put = ({ spec, tags }: Resource<AlarmSpec>) =>
  call("cloudwatch", "PutMetricAlarm", { ...spec, Tags: tagList(tags) });

const comparable = (one: Omit<Partial<AlarmSpec>, "AlarmName"> & { AlarmName?: string | undefined }) => ({
  AlarmName: one.AlarmName,
  AlarmDescription: one.AlarmDescription,
  Namespace: one.Namespace,
  MetricName: one.MetricName,
  Dimensions: one.Dimensions,
  Period: one.Period,
  EvaluationPeriods: one.EvaluationPeriods,
  DatapointsToAlarm: one.DatapointsToAlarm,
  Threshold: one.Threshold,
  ComparisonOperator: one.ComparisonOperator,
  TreatMissingData: one.TreatMissingData,
  AlarmActions: one.AlarmActions,
});
