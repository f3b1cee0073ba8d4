import type { TargetTrackingScalingPolicyConfiguration } from "@aws-sdk/client-application-auto-scaling";
import { call } from "../step.ts";
import type { Kind } from "../resource.ts";
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

  create: ({ spec }) => [
    call("application-autoscaling", "PutScalingPolicy", { ...scalable, ...spec, PolicyType: "TargetTrackingScaling" }),
  ],
};
