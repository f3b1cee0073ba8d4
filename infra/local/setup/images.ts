import { createHash } from "node:crypto";
import { cp, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../../terminal/user-error.ts";
import { provideBase } from "./base.ts";
import { install, isDebianAsRoot } from "./debian.ts";
import type { Recipe } from "./recipes.ts";
import { complaint, dataFolder, output, run, say } from "./run.ts";

const label = "setup.recipe";
const folderOf = (recipe: Recipe): string => path.join(import.meta.dirname, "images", recipe.folder);

/** The recipes whose image is not here. Official images are taken as they are, images made here if they are current. */
export async function missing(recipes: Recipe[]): Promise<Recipe[]> {
  const present = await Promise.all(recipes.map(isPresent));
  return recipes.filter((_, index) => !present[index]);
}

async function isPresent(recipe: Recipe): Promise<boolean> {
  const format = `{{index .Config.Labels "${label}"}}`;
  const made = await output("docker", ["image", "inspect", "--format", format, recipe.image]);
  return made === "" || made === (await fingerprint(recipe));
}

/** Whether images on this machine were made here. */
export const anyMadeHere = async (): Promise<boolean> =>
  Boolean(await output("docker", ["image", "ls", "--quiet", "--filter", `label=${label}`]));

/** Makes images from Debian's packages, side by side on one common base. @throws UserError */
export async function make(recipes: Recipe[]): Promise<void> {
  if (!isDebianAsRoot()) throw new UserError(howToGetImages(recipes));
  if ((await complaint("mmdebstrap", ["--version"])) !== undefined) {
    say("installing mmdebstrap, which makes root file systems");
    await install(["mmdebstrap"]);
  }
  const base = await provideBase();
  const results = await Promise.allSettled(recipes.map((recipe) => makeOne(recipe, base)));
  // All of them have ended here: none goes on in the background after a failure is shown.
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

async function makeOne(recipe: Recipe, base: string): Promise<void> {
  say(`making ${recipe.image}`);
  const context = path.join(dataFolder, `context-${recipe.folder}`);
  await rm(context, { recursive: true, force: true });
  await cp(folderOf(recipe), context, { recursive: true });
  await recipe.prepare?.(context);
  const recipeLabel = `${label}=${await fingerprint(recipe)}`;
  // The machine's own network reaches the mirror for certain: with its resolver, through its proxy.
  const network = ["--network", "host", ...proxies().flatMap((name) => ["--build-arg", name])];
  const naming = ["--build-arg", `BASE=${base}`, "--label", recipeLabel, "--tag", recipe.image];
  await run("docker", ["buildx", "build", "--progress", "plain", "--load", ...network, ...naming, context]);
  await rm(context, { recursive: true });
  say(`made ${recipe.image}`);
}

// Without a value, so that credentials do not get into the log: the build takes them from the environment.
const proxies = (): string[] =>
  ["http_proxy", "https_proxy", "no_proxy"].flatMap((name) => [name, name.toUpperCase()]).filter((n) => process.env[n]);

/** Changes when an image has to be made anew: with its folder, and with what its base is made of. */
export async function fingerprint(recipe: Recipe): Promise<string> {
  const folder = folderOf(recipe);
  const files = (await readdir(folder)).toSorted().map((name) => path.join(folder, name));
  const hash = createHash("sha256").update(recipe.image);
  for (const file of [...files, path.join(import.meta.dirname, "base.ts")]) hash.update(await readFile(file));
  return hash.digest("hex").slice(0, 16);
}

function howToGetImages(recipes: Recipe[]): string {
  const names = recipes.map(({ image }) => image).join(", ");
  return [
    `These images are not here and cannot be pulled: ${names}.`,
    `See what \`docker pull ${recipes[0]?.image}\` says. Behind a proxy, the engine has to know it; without a way to a`,
    "registry, `docker load` takes images from a file. On Debian as root, setup makes them from Debian's packages.",
  ].join("\n");
}
