import { putNode } from "./images/node/context.ts";

/** How an image is made from Debian's packages where the official one cannot be pulled. */
export interface Recipe {
  /** The official image that it stands in for. */
  image: string;
  /** The folder under `images/` with its Dockerfile, which starts from a small Debian: `FROM ${BASE}`. */
  folder: string;
  /** Puts files beside that Dockerfile that are not in the repository. */
  prepare?: (context: string) => Promise<void>;
  /** Made only when asked for by the name of its folder. */
  optional?: boolean;
}

/** The images that Dockerfiles, docker-compose.yml and tests start from. */
export const recipes: Recipe[] = [
  { image: "node:24.21.0-trixie-slim", folder: "node", prepare: putNode },
  { image: "nginx:1.30", folder: "nginx" },
  { image: "postgres:17-trixie", folder: "postgres" },
  { image: "motoserver/moto:5.2.4", folder: "moto", optional: true },
  { image: "registry:2", folder: "registry", optional: true },
];
