import type { Repository } from "@aws-sdk/client-ecr";
import { orNone } from "../ask.ts";
import { attributes, type Kind } from "../resource.ts";
import { found, isNamedFor, tagsFrom } from "../scope.ts";
import { call } from "../step.ts";
import { tagList } from "../tags.ts";
import { without } from "../without.ts";

export interface RepositorySpec {
  repositoryName: string;
  imageTagMutability: "IMMUTABLE";
  imageScanningConfiguration: { scanOnPush: boolean };
  /** Which images expire: JSON as text. */
  lifecyclePolicyText: string;
}

export const repository: Kind<RepositorySpec> = {
  title: "ECR repository",
  attributes: ["repositoryUri", "repositoryArn", "registry"],
  fixed: ["repositoryName"],

  read: async (ask, scope) => {
    const answers = await ask("ecr", "DescribeRepositories", {});
    const named = answers
      .flatMap(({ repositories }) => repositories ?? [])
      .filter(({ repositoryName }) => isNamedFor(scope, repositoryName));
    return Promise.all(
      named.map(async (one) => {
        const { repositoryName, repositoryArn, imageTagMutability, imageScanningConfiguration } = one;
        const [[tags], [policy]] = await Promise.all([
          ask("ecr", "ListTagsForResource", { resourceArn: repositoryArn }),
          orNone(ask("ecr", "GetLifecyclePolicy", { repositoryName }), "LifecyclePolicyNotFoundException"),
        ]);
        return found(scope, tagsFrom(tags?.tags), {
          name: repositoryName,
          attributes: known(one),
          spec: {
            repositoryName,
            imageTagMutability,
            imageScanningConfiguration,
            lifecyclePolicyText: policy?.lifecyclePolicyText,
          },
        });
      }),
    );
  },

  create: ({ spec, tags }) => [
    call(
      "ecr",
      "CreateRepository",
      { ...without(spec, "lifecyclePolicyText"), tags: tagList(tags) },
      { gives: ({ repository }) => known(repository) },
    ),
  ],

  change: (
    { spec: { repositoryName, imageTagMutability, imageScanningConfiguration, lifecyclePolicyText } },
    existing,
  ) => [
    ...(existing
      ? [
          call("ecr", "PutImageTagMutability", { repositoryName, imageTagMutability }),
          call("ecr", "PutImageScanningConfiguration", { repositoryName, imageScanningConfiguration }),
        ]
      : []),
    call("ecr", "PutLifecyclePolicy", { repositoryName, lifecyclePolicyText }),
  ],

  remove: ({ name }) => [
    call(
      "ecr",
      "DeleteRepository",
      { repositoryName: name, force: true },
      { tolerates: ["RepositoryNotFoundException"] },
    ),
  ],
};

/** The registry is where docker logs in. */
const known = (one: Repository | undefined) => ({
  ...attributes(one, "repositoryUri", "repositoryArn"),
  registry: one?.repositoryUri?.split("/")[0] ?? "",
});
