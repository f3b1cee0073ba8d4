import type { Kind } from "../resource.ts";

export interface ImageSpec {
  repositoryUri: string;
  /** Relative to the root of the project. */
  dockerfile: string;
  platform: "linux/amd64" | "linux/arm64";
}

/** What is in a repository goes with it. */
export const image: Kind<ImageSpec> = {
  title: "Image",
  attributes: ["Digest"],
  read: async () => [],

  create: ({ spec: { repositoryUri, dockerfile, platform } }) => [
    {
      type: "command",
      command: [
        ...["docker", "buildx", "build", "--push", "--platform", platform, "--file", dockerfile],
        ...["--tag", `${repositoryUri}:CONTENT`, "."],
      ],
    },
  ],

  remove: () => [],
};
