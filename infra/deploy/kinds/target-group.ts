import type { CreateTargetGroupCommandInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { attributes, own, type Kind } from "../resource.ts";
import { call } from "../step.ts";
import { tagList } from "../tags.ts";

export interface TargetGroupSpec extends Pick<
  CreateTargetGroupCommandInput,
  | "Protocol"
  | "Port"
  | "VpcId"
  | "TargetType"
  | "HealthCheckPath"
  | "HealthCheckIntervalSeconds"
  | "HealthCheckTimeoutSeconds"
  | "HealthyThresholdCount"
  | "UnhealthyThresholdCount"
> {
  Name: string;
  /** Attributes that differ from AWS's defaults, by key. */
  Attributes: Record<string, string>;
}

export const targetGroup: Kind<TargetGroupSpec> = {
  title: "Target group",
  attributes: ["TargetGroupArn", "ResourceLabel"],

  create: (resource) => {
    const { Attributes, ...input } = resource.spec;
    return [
      call(
        "elasticloadbalancing",
        "CreateTargetGroup",
        { ...input, Tags: tagList(resource.tags) },
        {
          gives: ({ TargetGroups }) => {
            const found = attributes(TargetGroups?.[0], "TargetGroupArn");
            return { ...found, ResourceLabel: resourceLabel(found["TargetGroupArn"]!) };
          },
        },
      ),
      call("elasticloadbalancing", "ModifyTargetGroupAttributes", {
        TargetGroupArn: own(resource, "TargetGroupArn"),
        Attributes: tagList(Attributes),
      }),
    ];
  },
};

/** The part of a target group's ARN by which CloudWatch and Auto Scaling know it: `targetgroup/NAME/ID`. */
const resourceLabel = (arn: string): string => arn.split(":").at(-1)!;
