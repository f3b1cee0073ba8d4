import type { CreateServiceCommandInput } from "@aws-sdk/client-ecs";
import { attributes, own, type Kind } from "../resource.ts";
import { call, wait } from "../step.ts";
import { smallTagList } from "../tags.ts";

export interface ServiceSpec extends Pick<
  CreateServiceCommandInput,
  | "taskDefinition"
  | "loadBalancers"
  | "serviceRegistries"
  | "desiredCount"
  | "capacityProviderStrategy"
  | "platformVersion"
  | "deploymentConfiguration"
  | "availabilityZoneRebalancing"
  | "networkConfiguration"
  | "healthCheckGracePeriodSeconds"
  | "enableExecuteCommand"
  | "enableECSManagedTags"
  | "propagateTags"
> {
  cluster: string;
  serviceName: string;
}

export const service: Kind<ServiceSpec> = {
  title: "ECS service",
  attributes: ["serviceArn"],

  create: (resource) => [
    call(
      "ecs",
      "CreateService",
      { ...resource.spec, tags: smallTagList(resource.tags) },
      {
        gives: ({ service }) => ({
          ...attributes(service, "serviceArn"),
          deploymentId: service?.deployments?.[0]?.id ?? "",
        }),
      },
    ),
    wait(
      "ecs",
      "DescribeServices",
      { cluster: resource.spec.cluster, services: [resource.spec.serviceName] },
      {
        until: `deployment ${own(resource, "deploymentId")} of ${resource.name} is complete`,
        // Which deployment is meant is known only when it has begun: the follower compares ids.
        holds: ({ services }) => services?.[0]?.deployments?.every((d) => d.rolloutState === "COMPLETED") ?? false,
        seconds: 1200,
      },
    ),
  ],
};
