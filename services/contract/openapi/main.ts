/** `npm run openapi`: writes the OpenAPI documents beside this file; with `--check` it only says whether they are stale. */
import { readFile, writeFile } from "node:fs/promises";
import { documents } from "./documents.ts";

const check = process.argv.includes("--check");

for (const [name, text] of Object.entries(await documents())) {
  const file = new URL(name, import.meta.url);
  const current = await readFile(file, "utf8").catch(() => "");
  if (current === text) continue;
  if (check) {
    console.error(`services/contract/openapi/${name} is stale. Run: npm run openapi`);
    process.exitCode = 1;
  } else {
    await writeFile(file, text);
    console.log(`services/contract/openapi/${name} written`);
  }
}
