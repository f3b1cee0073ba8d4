import type { MetricTransformation } from "@aws-sdk/client-cloudwatch-logs";
import { foundPart } from "../scope.ts";
import { call } from "../step.ts";
import type { Kind } from "../resource.ts";
import { logGroup } from "./log-group.ts";

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
  fixed: ["logGroupName", "filterName"],

  read: async (ask, scope) => {
    const [groups, answers] = await Promise.all([logGroup.read(ask, scope), ask("logs", "DescribeMetricFilters", {})]);
    // By name alone it could be the log group of an environment whose name begins like this one's.
    const own = new Set(groups.filter(({ owned }) => owned).map(({ name }) => name));
    return answers
      .flatMap(({ metricFilters }) => metricFilters ?? [])
      .filter(({ logGroupName = "" }) => own.has(logGroupName))
      .map(({ logGroupName = "", filterName, filterPattern, metricTransformations }) =>
        foundPart(`metric-filter/${logGroupName.slice(scope.prefix.length + 1)}-${filterName}`, {
          name: filterName,
          attributes: {},
          spec: { logGroupName, filterName, filterPattern, metricTransformations },
        }),
      );
  },

  create: ({ spec }) => [call("logs", "PutMetricFilter", spec)],
  change: ({ spec }, existing) => (existing ? [call("logs", "PutMetricFilter", spec)] : []),

  remove: ({ name, spec }) => [
    call(
      "logs",
      "DeleteMetricFilter",
      { logGroupName: spec["logGroupName"] as string, filterName: name },
      { tolerates: ["ResourceNotFoundException"] },
    ),
  ],
};
