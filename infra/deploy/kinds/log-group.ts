import { attributes, type Kind } from "../resource.ts";
import { found, isNamedFor } from "../scope.ts";
import { call, wait } from "../step.ts";

export interface LogGroupSpec {
  logGroupName: string;
  retentionInDays: number;
}

export const logGroup: Kind<LogGroupSpec> = {
  title: "Log group",
  attributes: ["logGroupArn"],
  fixed: ["logGroupName"],

  read: async (ask, scope) => {
    const answers = await ask("logs", "DescribeLogGroups", { logGroupNamePrefix: scope.prefix });
    const named = answers
      .flatMap(({ logGroups }) => logGroups ?? [])
      .filter(({ logGroupName }) => isNamedFor(scope, logGroupName));
    return Promise.all(
      named.map(async ({ logGroupName, retentionInDays, ...one }) => {
        const logGroupArn = arnOf(one);
        const [tags] = await ask("logs", "ListTagsForResource", { resourceArn: logGroupArn });
        return found(scope, tags?.tags ?? {}, {
          name: logGroupName,
          attributes: { logGroupArn },
          spec: { logGroupName, retentionInDays },
        });
      }),
    );
  },

  create: ({ spec: { logGroupName }, tags }) => [call("logs", "CreateLogGroup", { logGroupName, tags: { ...tags } })],

  change: ({ spec }) => [call("logs", "PutRetentionPolicy", spec)],

  // CreateLogGroup does not tell the ARN.
  ready: ({ spec: { logGroupName } }) => [
    wait(
      "logs",
      "DescribeLogGroups",
      { logGroupNamePrefix: logGroupName },
      {
        until: `the log group ${logGroupName} exists`,
        holds: ({ logGroups }) => logGroups?.some((group) => group.logGroupName === logGroupName) ?? false,
        gives: ({ logGroups }) => {
          const one = logGroups?.find((group) => group.logGroupName === logGroupName);
          return attributes({ logGroupArn: one && arnOf(one) }, "logGroupArn");
        },
        seconds: 30,
      },
    ),
  ],

  remove: ({ name }) => [
    call("logs", "DeleteLogGroup", { logGroupName: name }, { tolerates: ["ResourceNotFoundException"] }),
  ],
};

/** The ARN without the `:*` that stands for its streams. */
const arnOf = ({ logGroupArn, arn }: { logGroupArn?: string | undefined; arn?: string | undefined }): string =>
  logGroupArn ?? arn?.replace(/:\*$/, "") ?? "";
