import { call, wait } from "../step.ts";
import { attributes, type Kind } from "../resource.ts";

export interface LogGroupSpec {
  logGroupName: string;
  retentionInDays: number;
}

export const logGroup: Kind<LogGroupSpec> = {
  title: "Log group",
  attributes: ["logGroupArn"],

  create: ({ spec: { logGroupName, retentionInDays }, tags }) => [
    call("logs", "CreateLogGroup", { logGroupName, tags: { ...tags } }),
    call("logs", "PutRetentionPolicy", { logGroupName, retentionInDays }),
    wait(
      "logs",
      "DescribeLogGroups",
      { logGroupNamePrefix: logGroupName },
      {
        until: `the log group ${logGroupName} exists`,
        holds: ({ logGroups }) => logGroups?.some((group) => group.logGroupName === logGroupName) ?? false,
        gives: ({ logGroups }) =>
          attributes(
            logGroups?.find((group) => group.logGroupName === logGroupName),
            "logGroupArn",
          ),
        seconds: 30,
      },
    ),
  ],
};
