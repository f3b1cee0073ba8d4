import { attributes, type Kind } from "../resource.ts";
import { call } from "../step.ts";
import { tagList } from "../tags.ts";

export interface RepositorySpec {
  repositoryName: string;
  /** Images beyond this number expire, oldest first. */
  keep: number;
}

export const repository: Kind<RepositorySpec> = {
  title: "ECR repository",
  attributes: ["repositoryUri", "repositoryArn"],

  create: (resource) => [
    call(
      "ecr",
      "CreateRepository",
      {
        repositoryName: resource.spec.repositoryName,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        tags: tagList(resource.tags),
      },
      { gives: ({ repository }) => attributes(repository, "repositoryUri", "repositoryArn") },
    ),
    call("ecr", "PutLifecyclePolicy", {
      repositoryName: resource.spec.repositoryName,
      lifecyclePolicyText: lifecyclePolicy(resource.spec.keep),
    }),
  ],
};

/** The lifecycle policy that keeps the newest images. */
export const lifecyclePolicy = (countNumber: number): string =>
  JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        description: `keep the newest ${countNumber} images`,
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber },
        action: { type: "expire" },
      },
    ],
  });
