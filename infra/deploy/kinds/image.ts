import { attributes, own, type Kind } from "../resource.ts";
import { foundPart } from "../scope.ts";
import { call, wait } from "../step.ts";
import { repository } from "./repository.ts";

export interface ImageSpec {
  repositoryName: string;
  repositoryUri: string;
  registry: string;
  /** Says what is in it, so that the same content is never built or pushed twice. */
  tag: string;
  /** Relative to the root of the project. */
  dockerfile: string;
  platform: "linux/amd64" | "linux/arm64";
}

/** The name of an image with some content. */
export const imageName = (repositoryName: string, tag: string): string => `${repositoryName}-${tag}`;

/** What is in a repository goes with it. */
export const image: Kind<ImageSpec> = {
  title: "Image",
  attributes: ["Digest"],

  read: async (ask, scope) => {
    const repositories = (await repository.read(ask, scope)).filter(({ owned }) => owned);
    const images = await Promise.all(
      repositories.map(async ({ name: repositoryName }) => {
        const answers = await ask("ecr", "DescribeImages", { repositoryName, filter: { tagStatus: "TAGGED" } });
        return answers.flatMap(({ imageDetails }) => imageDetails ?? []);
      }),
    );
    return images.flat().flatMap(({ repositoryName = "", imageTags = [], imageDigest = "" }) =>
      imageTags.map((tag) =>
        foundPart(`image/${imageName(repositoryName, tag)}`, {
          name: tag,
          attributes: { Digest: imageDigest },
          spec: { repositoryName, tag },
        }),
      ),
    );
  },

  create: (resource) => {
    const { repositoryName, repositoryUri, registry, tag, dockerfile, platform } = resource.spec;
    return [
      call(
        "ecr",
        "GetAuthorizationToken",
        {},
        {
          gives: ({ authorizationData }) => ({ Password: passwordIn(authorizationData?.[0]?.authorizationToken) }),
        },
      ),
      {
        type: "command",
        command: ["docker", "login", "--username", "AWS", "--password-stdin", registry],
        input: own(resource, "Password"),
      },
      {
        type: "command",
        command: [
          ...["docker", "buildx", "build", "--push", "--provenance=false", "--platform", platform],
          ...["--file", dockerfile, "--tag", `${repositoryUri}:${tag}`, "."],
        ],
      },
      wait(
        "ecr",
        "DescribeImages",
        { repositoryName, filter: { tagStatus: "TAGGED" } },
        {
          until: `${repositoryName}:${tag} is in ECR`,
          holds: ({ imageDetails }) => imageDetails?.some(({ imageTags }) => imageTags?.includes(tag)) ?? false,
          gives: ({ imageDetails }) => {
            const pushed = imageDetails?.find(({ imageTags }) => imageTags?.includes(tag));
            return attributes({ Digest: pushed?.imageDigest }, "Digest");
          },
          seconds: 60,
        },
      ),
    ];
  },

  remove: () => [],
};

/** The token is `USER:PASSWORD` in base64. */
const passwordIn = (token = ""): string => Buffer.from(token, "base64").toString().split(":")[1] ?? "";
