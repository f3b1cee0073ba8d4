import type { MetricTransformation } from "@aws-sdk/client-cloudwatch-logs";
import { call } from "../step.ts";
import type { Kind } from "../resource.ts";

export interface MetricFilterSpec {
  logGroupName: string;
  filterName: string;
  filterPattern: string;
  metricTransformations: MetricTransformation[];
}

/** Has no tags; it lives and dies with its log group. */
export const metricFilter: Kind<MetricFilterSpec> = {
  title: "Metric filter",
  attributes: [],

  create: ({ spec }) => [call("logs", "PutMetricFilter", spec)],
};
