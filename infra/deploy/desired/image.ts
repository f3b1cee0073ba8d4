import type { Resource } from "../resource.ts";
import { nameOf, refTo, resource, type Blueprint } from "./blueprint.ts";

/** Images that stay in a repository: enough to roll back for a while. */
const KEEP = 30;

/** The repository of a service and, unless its digest is given, the image in it. */
export function imageAndRepository(plan: Blueprint, name: string, dockerfile: string): Resource[] {
  const { images, architecture } = plan.environment;
  return [
    resource(plan, "repository", name, {
      repositoryName: nameOf(plan, name),
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      lifecyclePolicyText: keepNewest(KEEP),
    }),
    ...(images[name]
      ? []
      : [
          resource(plan, "image", name, {
            repositoryUri: refTo("repository", name, "repositoryUri"),
            dockerfile,
            platform: architecture === "ARM64" ? "linux/arm64" : "linux/amd64",
          }),
        ]),
  ];
}

/** The lifecycle policy that keeps the newest images. */
const keepNewest = (countNumber: number): string =>
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
