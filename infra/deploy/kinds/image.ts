import type { Kind } from "../resource.ts";

export interface ImageSpec {
  repositoryUri: string;
  /** Relative to the root of the project. */
  dockerfile: string;
  platform: "linux/amd64" | "linux/arm64";
}

export const image: Kind<ImageSpec> = {
  title: "Image",
  attributes: ["Digest"],

  create: ({ spec: { repositoryUri, dockerfile, platform } }) => [
    {
      type: "command",
      command: [
        ...["docker", "buildx", "build", "--push", "--platform", platform, "--file", dockerfile],
        ...["--tag", `${repositoryUri}:CONTENT`, "."],
      ],
    },
  ],
};
