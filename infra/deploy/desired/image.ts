import { dockerfiles } from "../content.ts";
import { imageName } from "../kinds/image.ts";
import type { Resource } from "../resource.ts";
import { nameOf, refTo, resource, type Blueprint } from "./blueprint.ts";

/** Images that stay in a repository: enough to roll back for a while. */
const KEEP = 30;

/** Stands for a tag that is not known. */
const UNKNOWN = "CONTENT";

const tagOf = ({ contents }: Blueprint, name: string): string => contents[name] ?? UNKNOWN;

/** The image by its digest: given, or that of the image which is built. */
export function imageOf(plan: Blueprint, name: string): string {
  const built = refTo("image", imageName(nameOf(plan, name), tagOf(plan, name)), "Digest");
  return `${refTo("repository", name, "repositoryUri")}@${plan.environment.images[name] ?? built}`;
}

/** The repository of a service and, unless its digest is given, the image in it. */
export function imageAndRepository(plan: Blueprint, name: string): Resource[] {
  const { images, architecture } = plan.environment;
  const repositoryName = nameOf(plan, name);
  const tag = tagOf(plan, name);
  return [
    resource(plan, "repository", name, {
      repositoryName,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      lifecyclePolicyText: keepNewest(KEEP),
    }),
    ...(images[name]
      ? []
      : [
          resource(plan, "image", imageName(repositoryName, tag), {
            repositoryName,
            repositoryUri: refTo("repository", name, "repositoryUri"),
            registry: refTo("repository", name, "registry"),
            tag,
            dockerfile: dockerfiles(plan.application)[name]!,
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
