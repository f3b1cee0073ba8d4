import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { install, isDebianAsRoot, mirror } from "./debian.ts";
import type { Recipe } from "./recipes.ts";
import { output, run, say, SetupError } from "./run.ts";

const LABEL = "setup.recipe";
const STALL_TIMEOUT = 60_000;

/** The recipes whose image is neither here nor can be had: official ones are taken as they are, own ones if current. */
export async function missing(recipes: Recipe[]): Promise<Recipe[]> {
  const states = await Promise.all(recipes.map(async (recipe) => ({ recipe, present: await isPresent(recipe) })));
  return states.filter(({ present }) => !present).map(({ recipe }) => recipe);
}

async function isPresent(recipe: Recipe): Promise<boolean> {
  const label = await output("docker", [
    "image",
    "inspect",
    "--format",
    `{{index .Config.Labels "${LABEL}"}}`,
    recipe.image,
  ]);
  if (label === undefined) return false;
  return label === "" || label === "<no value>" || label === (await fingerprint(recipe));
}

/** Pulls images; false as soon as one cannot be pulled. */
export async function pull(recipes: Recipe[]): Promise<boolean> {
  for (const { image } of recipes) {
    say(`pulling ${image}`);
    if (!(await pullOne(image))) return false;
  }
  return true;
}

/** A registry that refuses is noticed at once, one that keeps silent after a minute without news. */
async function pullOne(image: string): Promise<boolean> {
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(), STALL_TIMEOUT);
  const options = { all: true, reject: false, stdin: "ignore", cancelSignal: stalled.signal } as const;
  const child = execa("docker", ["pull", image], options);
  let last = "";
  for await (const line of child.iterable({ from: "all" })) {
    last = line;
    timer.refresh();
  }
  clearTimeout(timer);
  const { failed } = await child;
  if (failed) say(`it cannot be pulled: ${stalled.signal.aborted ? "no progress for a minute" : last}`);
  return !failed;
}

/** Makes images out of Debian's packages, two at a time. @throws SetupError */
export async function make(recipes: Recipe[]): Promise<void> {
  if (!isDebianAsRoot()) {
    const names = recipes.map(({ image }) => image).join(", ");
    throw new SetupError(
      `These images cannot be pulled: ${names}.\nTry \`docker pull ${recipes[0]?.image}\` and see why; behind a proxy, configure it for the Docker engine.\nOn Debian as root this command makes stand-ins out of Debian's packages.`,
    );
  }
  if (!existsSync("/usr/bin/mmdebstrap")) await install(["mmdebstrap"]);
  const waiting = [...recipes];
  const worker = async () => {
    for (let recipe = waiting.shift(); recipe; recipe = waiting.shift()) await makeOne(recipe);
  };
  await Promise.all([worker(), worker()]);
}

async function makeOne(recipe: Recipe): Promise<void> {
  say(`making ${recipe.image} of Debian ${recipe.suite}'s packages`);
  const context = await mkdtemp(path.join(tmpdir(), "image-"));
  const rootfs = `rootfs-${recipe.folder}:latest`;
  const tar = path.join(context, "rootfs.tar");
  try {
    await run("mmdebstrap", [
      "--variant=minbase",
      `--include=${recipe.packages.join(",")}`,
      // The Release file of sid may be older than it says it may be.
      '--aptopt=Acquire::Check-Valid-Until "false"',
      recipe.suite,
      tar,
      `deb ${await mirror()} ${recipe.suite} main`,
    ]);
    await run("docker", ["import", tar, rootfs]);
    await rm(tar);
    await cp(path.join(import.meta.dirname, "images", recipe.folder), context, { recursive: true });
    await recipe.prepare?.(context);
    const label = `${LABEL}=${await fingerprint(recipe)}`;
    await run("docker", [
      "buildx",
      "build",
      "--progress=plain",
      "--load",
      "--build-arg",
      `ROOTFS=${rootfs}`,
      "--label",
      label,
      "-t",
      recipe.image,
      context,
    ]);
  } finally {
    await output("docker", ["image", "rm", rootfs]);
    await rm(context, { recursive: true, force: true });
  }
  say(`${recipe.image} is there`);
}

/** Changes when an image has to be made anew. */
async function fingerprint(recipe: Recipe): Promise<string> {
  const folder = path.join(import.meta.dirname, "images", recipe.folder);
  const hash = createHash("sha256")
    .update(JSON.stringify(recipe))
    .update(recipe.prepare?.toString() ?? "");
  for (const name of (await readdir(folder)).toSorted())
    hash.update(name).update(await readFile(path.join(folder, name)));
  return hash.digest("hex").slice(0, 16);
}
