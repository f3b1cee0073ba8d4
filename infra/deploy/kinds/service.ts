import type { CreateServiceCommandInput, Service } from "@aws-sdk/client-ecs";
import { orNone } from "../ask.ts";
import type { Attributes } from "../reference.ts";
import type { Change } from "../plan/change.ts";
import { attributes, own, type Kind, type Resource } from "../resource.ts";
import { assertCanSucceed, isComplete, progressOf } from "../rollout/follow.ts";
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
              taskDefinition: hasFailed(one) ? `${one.taskDefinition} (its deployment has failed)` : one.taskDefinition,
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

  // Without desiredCount, which belongs to Auto Scaling from the start. What has failed is tried again.
  change: ({ spec }, existing) => {
    const { serviceName, desiredCount: _, ...input } = spec;
    const update = { service: serviceName, ...input, forceNewDeployment: true };
    return existing ? [call("ecs", "UpdateService", update, { gives: ({ service }) => known(service) })] : [];
  },

  ready: (resource) => [
    wait(
      "ecs",
      "DescribeServices",
      { cluster: resource.spec.cluster, services: [resource.spec.serviceName] },
      {
        until: `deployment ${own(resource, "deploymentId")} of ${resource.name} is complete`,
        look: (send, output, { deploymentId = "" }) => assertCanSucceed(send, output, deploymentId),
        holds: ({ services }, { deploymentId = "", taskDefinition }) =>
          isComplete(services?.[0], deploymentId, taskDefinition),
        progress: ({ services }, { deploymentId = "" }) => progressOf(services?.[0], deploymentId),
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
function known(one: Service | undefined): Attributes {
  const { id = "", taskDefinition = "" } = one?.deployments?.find(({ status }) => status === "PRIMARY") ?? {};
  return { ...attributes(one, "serviceArn"), deploymentId: id, taskDefinition };
}

/** A first deployment that has failed stays: there is nothing to go back to. */
const hasFailed = ({ deployments }: Service): boolean =>
  deployments?.find(({ status }) => status === "PRIMARY")?.rolloutState === "FAILED";

/** The change that rolls a service back to an earlier task definition, and waits for it. */
export function goBack(resource: Resource<ServiceSpec>, { from, to }: { from: string; to: string }): Change {
  const { cluster, serviceName } = resource.spec;
  const update = { cluster, service: serviceName, taskDefinition: to, forceNewDeployment: true };
  return {
    action: "change",
    id: resource.id,
    kind: resource.kind,
    name: resource.name,
    differences: [{ key: "taskDefinition", is: from, wanted: to }],
    after: [],
    steps: [
      call("ecs", "UpdateService", update, { gives: ({ service }) => known(service) }),
      ...(service.ready?.(resource) ?? []),
    ],
  };
}
