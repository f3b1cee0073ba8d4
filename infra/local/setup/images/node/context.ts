import { cp, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { UserError } from "../../../../terminal/user-error.ts";
import { output, run } from "../../run.ts";

/** As in the official image. */
const nodeVersion = "24.21.0";
const npmVersion = "11.19.0";

/** Puts Node and npm beside the Dockerfile: both come from npm's registry, as this machine has it configured. */
export async function putNode(context: string): Promise<void> {
  await cp(await nodeHere(), path.join(context, "node"));
  await run("npm", ["pack", `npm@${npmVersion}`, "--pack-destination", context]);
  await run("tar", ["--extract", "--file", `npm-${npmVersion}.tgz`], { cwd: context });
  await rename(path.join(context, "package"), path.join(context, "npm"));
  // Behind a firewall `npm ci` in a build needs the same registry; it gets no credentials, which would stay in the image.
  const registry = await output("npm", ["config", "get", "registry"]);
  await writeFile(path.join(context, "npmrc"), `registry=${registry}\n`);
}

/** The Node that npm has installed here as one of the project's own dependencies. */
async function nodeHere(): Promise<string> {
  const name = `node-linux-${process.arch}`;
  const { resolve } = createRequire(import.meta.url);
  try {
    const file = path.join(path.dirname(resolve(`${name}/package.json`)), "bin/node");
    if ((await output(file, ["--version"])) === `v${nodeVersion}`) return file;
  } catch {
    // The package is not there at all: the same remedy.
  }
  throw new UserError(`The image needs Node ${nodeVersion} from the package ${name}. Run \`npm ci\` and setup again.`);
}
