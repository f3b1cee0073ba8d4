import type { Service } from "../../forum.ts";
import type { Resource } from "../resource.ts";
import { nameOf, refTo, resource, type Blueprint } from "./blueprint.ts";
import { sizeOf } from "./container.ts";

/** Percent of a task's CPU that it should be using. */
const CPU = 60;
/** Requests a minute that a task should be answering. */
const REQUESTS = 3000;
/** Seconds between two steps: quickly up, slowly down. */
const COOLDOWNS = { ScaleOutCooldown: 30, ScaleInCooldown: 180 };

/** Lets the number of tasks follow CPU and requests. From then on the number is not the deploy's any more. */
export function scaling(plan: Blueprint, { name }: Service): Resource[] {
  const { minimum, maximum } = sizeOf(plan.application, plan.environment, name);
  const ResourceId = `service/${nameOf(plan)}/${nameOf(plan, name)}`;
  const after = [`scalable-target/${name}` as const];
  return [
    resource(plan, "scalable-target", name, { ResourceId, MinCapacity: minimum, MaxCapacity: maximum }, [
      `service/${name}`,
    ]),
    resource(
      plan,
      "scaling-policy",
      `${name}-cpu`,
      {
        PolicyName: nameOf(plan, name, "cpu"),
        ResourceId,
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: CPU,
          PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" },
          ...COOLDOWNS,
        },
      },
      after,
    ),
    resource(
      plan,
      "scaling-policy",
      `${name}-requests`,
      {
        PolicyName: nameOf(plan, name, "requests"),
        ResourceId,
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: REQUESTS,
          PredefinedMetricSpecification: {
            PredefinedMetricType: "ALBRequestCountPerTarget",
            ResourceLabel: [
              refTo("load-balancer", "main", "ResourceLabel"),
              refTo("target-group", name, "ResourceLabel"),
            ].join("/"),
          },
          ...COOLDOWNS,
        },
      },
      after,
    ),
  ];
}
