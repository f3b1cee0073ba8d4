import type { Kind } from "../resource.ts";
import { foundPart } from "../scope.ts";
import { call } from "../step.ts";

export interface ScalableTargetSpec {
  /** `service/CLUSTER/SERVICE`. */
  ResourceId: string;
  MinCapacity: number;
  MaxCapacity: number;
}

export const scalable = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;

/** Belongs to its service: AWS tells no tags of it. */
export const scalableTarget: Kind<ScalableTargetSpec> = {
  title: "Scalable target",
  attributes: [],
  fixed: ["ResourceId"],

  read: async (ask, { prefix }) => {
    const answers = await ask("application-autoscaling", "DescribeScalableTargets", { ServiceNamespace: "ecs" });
    const folder = `service/${prefix}/${prefix}-`;
    return answers
      .flatMap(({ ScalableTargets }) => ScalableTargets ?? [])
      .filter(({ ResourceId }) => ResourceId?.startsWith(folder))
      .map(({ ResourceId = "", MinCapacity, MaxCapacity }) =>
        foundPart(`scalable-target/${ResourceId.slice(folder.length)}`, {
          name: ResourceId,
          attributes: {},
          spec: { ResourceId, MinCapacity, MaxCapacity },
        }),
      );
  },

  create: ({ spec, tags }) => [
    call("application-autoscaling", "RegisterScalableTarget", { ...scalable, ...spec, Tags: { ...tags } }),
  ],
  change: ({ spec }, existing) =>
    existing ? [call("application-autoscaling", "RegisterScalableTarget", { ...scalable, ...spec })] : [],
  remove: ({ name: ResourceId }) => [
    call(
      "application-autoscaling",
      "DeregisterScalableTarget",
      { ...scalable, ResourceId },
      { tolerates: ["ObjectNotFoundException"] },
    ),
  ],
};
