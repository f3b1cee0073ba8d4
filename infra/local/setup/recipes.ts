import { existsSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { output, run, SetupError } from "./run.ts";

/** How a base image is made of Debian's packages where the official one cannot be pulled. */
export interface Recipe {
  /** The official image that it stands in for. */
  image: string;
  /** Debian release and packages of its root file system. */
  suite: "trixie" | "sid";
  packages: string[];
  /** Folder under `images/` with the Dockerfile that is built on top. */
  folder: string;
  /** What it is made of besides: a change makes the image anew. */
  versions?: Record<string, string>;
  /** Puts further files beside that Dockerfile. */
  prepare?: (context: string) => Promise<void>;
}

const NODE_VERSION = "24.21.0";
const NPM_VERSION = "11.6.2";
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/** The base images of the Dockerfiles and of docker-compose.yml. */
export const recipes: Recipe[] = [
  {
    image: `node:${NODE_VERSION}-trixie-slim`,
    suite: "trixie",
    packages: ["ca-certificates", "libstdc++6", "libatomic1"],
    folder: "node",
    versions: { npm: NPM_VERSION },
    prepare: prepareNode,
  },
  { image: "postgres:17-trixie", suite: "trixie", packages: ["postgresql-17", "ca-certificates"], folder: "postgres" },
  {
    image: "nginx:1.30",
    suite: "sid",
    packages: ["nginx", "libnginx-mod-http-js", "curl", "ca-certificates"],
    folder: "nginx",
  },
];

/** Node is the one that npm has installed here; behind a company's proxy, its certificates and registry go along. */
async function prepareNode(context: string): Promise<void> {
  const require = createRequire(import.meta.url);
  const node = path.join(path.dirname(require.resolve(`node-linux-${process.arch}/package.json`)), "bin/node");
  const found = await output(node, ["--version"]);
  if (found !== `v${NODE_VERSION}`) {
    throw new SetupError(
      `The image wants Node ${NODE_VERSION}, node_modules has ${found}. Make package.json, recipes.ts and the Dockerfiles name one version.`,
    );
  }
  await cp(node, path.join(context, "node"));
  const scratch = await mkdtemp(path.join(tmpdir(), "npm-"));
  await run("npm", ["pack", `npm@${NPM_VERSION}`, "--pack-destination", scratch]);
  await run("tar", ["-xzf", path.join(scratch, `npm-${NPM_VERSION}.tgz`), "-C", scratch]);
  await cp(path.join(scratch, "package"), path.join(context, "npm"), { recursive: true });
  await rm(scratch, { recursive: true });
  if (!existsSync(CERTIFICATES))
    throw new SetupError(`There are no certificates in ${CERTIFICATES}: install ca-certificates.`);
  await cp(CERTIFICATES, path.join(context, "ca-certificates.crt"));
  const registry = await output("npm", ["config", "get", "registry"]);
  await writeFile(path.join(context, "npmrc"), `${registry ? `registry=${registry}\n` : ""}cafile=${CERTIFICATES}\n`);
}
