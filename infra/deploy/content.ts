import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { root } from "../folders.ts";
import type { Application } from "../forum.ts";
import { UserError } from "../terminal/user-error.ts";
import type { Environment } from "./environment.ts";

/** Tags of images by name: each says what is in the image. */
export type Contents = Readonly<Record<string, string>>;

/** Where the recipe of each image is, relative to the root. */
export const dockerfiles = ({ services }: Application): Record<string, string> => ({
  tasks: "infra/tasks/Dockerfile",
  ...Object.fromEntries(services.map(({ name, folder }) => [name, `${folder}/Dockerfile`])),
});

/** The tags of all images whose digest is not given. @throws UserError when this is no git checkout */
export async function contentsOf(application: Application, environment: Environment): Promise<Contents> {
  const built = Object.entries(dockerfiles(application)).filter(([name]) => !environment.images[name]);
  const tags = await Promise.all(
    built.map(async ([name, dockerfile]) => [name, await contentTag(dockerfile, environment.architecture)] as const),
  );
  return Object.fromEntries(tags);
}

/** The same files for the same architecture have the same tag, whatever commit they are in: 16 hex digits. */
export async function contentTag(dockerfile: string, architecture: string, from = root): Promise<string> {
  const recipe = await readFile(path.join(from, dockerfile), "utf8");
  const hash = createHash("sha256").update(architecture);
  for (const file of await filesOf([dockerfile, ".dockerignore", ...copiedBy(recipe)], from)) {
    // Files that are deleted but not yet committed are still listed.
    const content = await readFile(path.join(from, file)).catch(() => undefined);
    if (content) hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}

/** The paths that a recipe takes from the project: the sources of its COPY lines, but not those of other stages. */
export function copiedBy(recipe: string): string[] {
  const lines = recipe.split("\n").filter((line) => /^COPY\s/.test(line) && !/--from=/.test(line));
  return lines.flatMap((line) =>
    line
      .trim()
      .split(/\s+/)
      .slice(1, -1)
      .filter((word) => !word.startsWith("--")),
  );
}

async function filesOf(paths: string[], cwd: string): Promise<string[]> {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ...paths];
  const { stdout, failed } = await execa("git", args, { cwd, reject: false });
  if (failed) throw new UserError(`Images are tagged by the files that git knows, and ${cwd} is no git checkout.`);
  return [...new Set(stdout.split("\0"))].filter(Boolean).toSorted();
}
