import { attributes, type Kind } from "../resource.ts";
import { call } from "../step.ts";
import { smallTagList } from "../tags.ts";

export interface ClusterSpec {
  clusterName: string;
  capacityProviders: string[];
}

export const cluster: Kind<ClusterSpec> = {
  title: "ECS cluster",
  attributes: ["clusterArn"],

  create: ({ spec, tags }) => [
    // In an account that never used ECS, CreateCluster races the role that it makes itself. Where the role is there,
    // IAM says InvalidInput.
    call("iam", "CreateServiceLinkedRole", { AWSServiceName: "ecs.amazonaws.com" }, { tolerates: ["InvalidInput"] }),
    call(
      "ecs",
      "CreateCluster",
      { ...spec, tags: smallTagList(tags) },
      { gives: ({ cluster }) => attributes(cluster, "clusterArn") },
    ),
  ],
};
