import type { CreateTargetGroupCommandInput, TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import { own, type Kind } from "../resource.ts";
import { found, isNamedFor } from "../scope.ts";
import { call } from "../step.ts";
import { tagList } from "../tags.ts";
import { attributesOf, tagsByArn } from "./load-balancing.ts";
import { without } from "../without.ts";

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
  fixed: ["Name", "Protocol", "Port", "VpcId", "TargetType"],

  read: async (ask, scope) => {
    const answers = await ask("elasticloadbalancing", "DescribeTargetGroups", {});
    const named = answers
      .flatMap(({ TargetGroups }) => TargetGroups ?? [])
      .filter(({ TargetGroupName }) => isNamedFor(scope, TargetGroupName));
    const tags = await tagsByArn(
      ask,
      named.map(({ TargetGroupArn = "" }) => TargetGroupArn),
    );
    return Promise.all(
      named.map(async ({ TargetGroupArn = "", TargetGroupName: Name, ...group }) => {
        const current = await ask("elasticloadbalancing", "DescribeTargetGroupAttributes", { TargetGroupArn });
        return found(scope, tags.get(TargetGroupArn) ?? {}, {
          name: Name,
          attributes: known({ TargetGroupArn }),
          spec: { Name, ...comparable(group), Attributes: attributesOf(current) },
        });
      }),
    );
  },

  create: ({ spec, tags }) => [
    call(
      "elasticloadbalancing",
      "CreateTargetGroup",
      { ...without(spec, "Attributes"), Tags: tagList(tags) },
      { gives: ({ TargetGroups }) => known(TargetGroups?.[0]) },
    ),
  ],

  change: (resource, existing) => {
    const { Attributes } = resource.spec;
    const health = healthCheckOf(resource.spec);
    const TargetGroupArn = own(resource, "TargetGroupArn");
    return [
      ...(existing ? [call("elasticloadbalancing", "ModifyTargetGroup", { TargetGroupArn, ...health })] : []),
      call("elasticloadbalancing", "ModifyTargetGroupAttributes", { TargetGroupArn, Attributes: tagList(Attributes) }),
    ];
  },

  remove: ({ attributes: { TargetGroupArn } }) => [
    call(
      "elasticloadbalancing",
      "DeleteTargetGroup",
      { TargetGroupArn },
      { tolerates: ["TargetGroupNotFoundException"] },
    ),
  ],
};

const comparable = (group: TargetGroup) => ({
  Protocol: group.Protocol,
  Port: group.Port,
  VpcId: group.VpcId,
  TargetType: group.TargetType,
  ...healthCheckOf(group),
});

const healthCheckOf = (group: TargetGroup | TargetGroupSpec) => ({
  HealthCheckPath: group.HealthCheckPath,
  HealthCheckIntervalSeconds: group.HealthCheckIntervalSeconds,
  HealthCheckTimeoutSeconds: group.HealthCheckTimeoutSeconds,
  HealthyThresholdCount: group.HealthyThresholdCount,
  UnhealthyThresholdCount: group.UnhealthyThresholdCount,
});

/** The last part of the ARN is how CloudWatch and Auto Scaling know it: `targetgroup/NAME/ID`. */
const known = ({ TargetGroupArn = "" }: TargetGroup = {}) => ({
  TargetGroupArn,
  ResourceLabel: TargetGroupArn.split(":").at(-1) ?? "",
});
