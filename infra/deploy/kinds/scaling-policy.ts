import type { TargetTrackingScalingPolicyConfiguration } from "@aws-sdk/client-application-auto-scaling";
import type { Kind } from "../resource.ts";
import { foundPart } from "../scope.ts";
import { call } from "../step.ts";
import { scalable } from "./scalable-target.ts";

export interface ScalingPolicySpec {
  PolicyName: string;
  /** `service/CLUSTER/SERVICE`. */
  ResourceId: string;
  TargetTrackingScalingPolicyConfiguration: TargetTrackingScalingPolicyConfiguration;
}

/** Has no tags; it belongs to a scalable target. */
export const scalingPolicy: Kind<ScalingPolicySpec> = {
  title: "Scaling policy",
  attributes: [],
  fixed: ["PolicyName", "ResourceId"],

  read: async (ask, { prefix }) => {
    const answers = await ask("application-autoscaling", "DescribeScalingPolicies", { ServiceNamespace: "ecs" });
    return answers
      .flatMap(({ ScalingPolicies }) => ScalingPolicies ?? [])
      .filter(({ ResourceId }) => ResourceId?.startsWith(`service/${prefix}/${prefix}-`))
      .map(({ PolicyName = "", ResourceId, TargetTrackingScalingPolicyConfiguration }) =>
        foundPart(`scaling-policy/${PolicyName.slice(prefix.length + 1)}`, {
          name: PolicyName,
          attributes: {},
          spec: { PolicyName, ResourceId, TargetTrackingScalingPolicyConfiguration },
        }),
      );
  },

  create: ({ spec }) => [put(spec)],
  change: ({ spec }, existing) => (existing ? [put(spec)] : []),
  remove: ({ name: PolicyName, spec }) => [
    call(
      "application-autoscaling",
      "DeleteScalingPolicy",
      { ...scalable, PolicyName, ResourceId: spec["ResourceId"] as string },
      { tolerates: ["ObjectNotFoundException"] },
    ),
  ],
};

const put = (spec: ScalingPolicySpec) =>
  call("application-autoscaling", "PutScalingPolicy", { ...scalable, ...spec, PolicyType: "TargetTrackingScaling" });
