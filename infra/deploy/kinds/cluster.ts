import { attributes, type Kind } from "../resource.ts";
import { found, tagsFrom } from "../scope.ts";
import { call } from "../step.ts";
import { smallTagList } from "../tags.ts";

export interface ClusterSpec {
  clusterName: string;
  capacityProviders: string[];
}

export const cluster: Kind<ClusterSpec> = {
  title: "ECS cluster",
  attributes: ["clusterArn"],
  fixed: ["clusterName"],

  read: async (ask, scope) => {
    const answers = await ask("ecs", "DescribeClusters", { clusters: [scope.prefix], include: ["TAGS"] });
    return answers
      .flatMap(({ clusters }) => clusters ?? [])
      .filter(({ status }) => status !== "INACTIVE")
      .map(({ clusterArn = "", clusterName, capacityProviders, tags }) =>
        found(scope, tagsFrom(tags), {
          name: clusterName,
          attributes: { clusterArn },
          spec: { clusterName, capacityProviders },
        }),
      );
  },

  create: ({ spec, tags }) => [
    // In an account that never used ECS, CreateCluster races the role that it makes itself. It may be there.
    call(
      "iam",
      "CreateServiceLinkedRole",
      { AWSServiceName: "ecs.amazonaws.com" },
      { tolerates: ["InvalidInputException", "EntityAlreadyExistsException"] },
    ),
    call(
      "ecs",
      "CreateCluster",
      { ...spec, tags: smallTagList(tags) },
      { gives: ({ cluster }) => attributes(cluster, "clusterArn") },
    ),
  ],

  change: ({ spec: { clusterName, capacityProviders } }, existing) =>
    existing
      ? [
          call("ecs", "PutClusterCapacityProviders", {
            cluster: clusterName,
            capacityProviders,
            defaultCapacityProviderStrategy: [],
          }),
        ]
      : [],

  remove: ({ name }) => [call("ecs", "DeleteCluster", { cluster: name }, { tolerates: ["ClusterNotFoundException"] })],
};
