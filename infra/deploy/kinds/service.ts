import type { CreateServiceCommandInput, Service } from "@aws-sdk/client-ecs";
import { orNone } from "../ask.ts";
import { EndingError } from "../ending.ts";
import type { Attributes } from "../reference.ts";
import { attributes, own, type Kind } from "../resource.ts";
import { found, tagsFrom } from "../scope.ts";
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

/** Services that are described in one answer. */
const AT_ONCE = 10;

export const service: Kind<ServiceSpec> = {
  title: "ECS service",
  attributes: ["serviceArn"],
  fixed: ["serviceName"],

  read: async (ask, scope) => {
    const cluster = scope.prefix;
    const listed = await orNone(
      ask("ecs", "ListServices", { cluster, maxResults: AT_ONCE }),
      "ClusterNotFoundException",
    );
    const pages = listed.map(({ serviceArns }) => serviceArns ?? []).filter((arns) => arns.length > 0);
    const answers = await Promise.all(
      pages.map((services) => ask("ecs", "DescribeServices", { cluster, services, include: ["TAGS"] })),
    );
    return (
      answers
        .flat()
        .flatMap(({ services }) => services ?? [])
        // ECS remembers deleted services for a while.
        .filter(({ status }) => status !== "INACTIVE")
        .map((one) =>
          found(scope, tagsFrom(one.tags), {
            name: one.serviceName,
            attributes: { ...known(one), cluster },
            spec: {
              serviceName: one.serviceName,
              taskDefinition: one.taskDefinition,
              loadBalancers: one.loadBalancers,
              networkConfiguration: one.networkConfiguration,
            },
            ready: one.deployments?.length === 1 && one.deployments[0]?.rolloutState === "COMPLETED",
          }),
        )
    );
  },

  create: ({ spec, tags }) => [
    call("ecs", "CreateService", { ...spec, tags: smallTagList(tags) }, { gives: ({ service }) => known(service) }),
  ],

  // Without desiredCount, which belongs to Auto Scaling from the start.
  change: ({ spec }, existing) => {
    const { serviceName, desiredCount: _, ...input } = spec;
    const update = { service: serviceName, ...input };
    return existing ? [call("ecs", "UpdateService", update, { gives: ({ service }) => known(service) })] : [];
  },

  ready: (resource) => [
    wait(
      "ecs",
      "DescribeServices",
      { cluster: resource.spec.cluster, services: [resource.spec.serviceName] },
      {
        until: `deployment ${own(resource, "deploymentId")} of ${resource.name} is complete`,
        holds: ({ services }, { deploymentId = "" }) => isComplete(services?.[0], deploymentId),
        seconds: 1200,
      },
    ),
  ],

  remove: ({ name, attributes: { cluster } }) => [
    call("ecs", "UpdateService", { cluster, service: name, desiredCount: 0 }),
    call("ecs", "DeleteService", { cluster, service: name, force: true }, { tolerates: ["ServiceNotFoundException"] }),
    wait(
      "ecs",
      "DescribeServices",
      { cluster, services: [name] },
      {
        until: `the tasks of ${name} have stopped`,
        holds: ({ services }) => (services ?? []).every(({ status }) => status === "INACTIVE"),
        seconds: 1200,
      },
    ),
  ],
};

/** The deployment that matters is the one under way: ECS calls it PRIMARY. */
const known = (one: Service | undefined): Attributes => ({
  ...attributes(one, "serviceArn"),
  deploymentId: one?.deployments?.find(({ status }) => status === "PRIMARY")?.id ?? "",
});

/** Whether the deployment of that id is done. @throws EndingError when it has failed, or another took its place */
export function isComplete(one: Service | undefined, deploymentId: string): boolean {
  const deployment = one?.deployments?.find(({ id }) => id === deploymentId);
  const reason = deployment?.rolloutStateReason ?? newestEvent(one);
  if (deployment?.rolloutState === "COMPLETED") return true;
  // The circuit breaker begins a deployment of the old revision, and in the end the failed one vanishes.
  const other = one?.deployments?.find(({ status }) => status === "PRIMARY");
  if (!deployment || (deployment.rolloutState === "FAILED" && other && other.id !== deploymentId)) {
    throw new EndingError(
      "rolled back",
      `deployment ${deploymentId} was rolled back; ${other?.taskDefinition?.split("/").at(-1) ?? "nothing"} serves: ${reason}`,
    );
  }
  if (deployment.rolloutState === "FAILED")
    throw new EndingError("failed", `deployment ${deploymentId} has failed: ${reason}`);
  return false;
}

const newestEvent = (one: Service | undefined): string => one?.events?.[0]?.message ?? "ECS gives no reason";
