import { call } from "../step.ts";
import type { Kind } from "../resource.ts";

export interface ScalableTargetSpec {
  /** `service/CLUSTER/SERVICE`. */
  ResourceId: string;
  MinCapacity: number;
  MaxCapacity: number;
}

export const scalable = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;

export const scalableTarget: Kind<ScalableTargetSpec> = {
  title: "Scalable target",
  attributes: [],

  create: ({ spec, tags }) => [
    call("application-autoscaling", "RegisterScalableTarget", { ...scalable, ...spec, Tags: { ...tags } }),
  ],
};
