import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { environmentOf, readEnvironment } from "../../infra/deploy/environment.ts";

test("the command line counts more than the file, the file more than the shell", async (t) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "environments-"));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, "prod.json"), '{ "region": "eu-west-1", "stage": "monolith" }');
  const shell = { region: "eu-north-1" };
  const read = (name: string, options: object) => readEnvironment(name, options, shell, folder);
  assert.equal((await read("prod", { region: "us-west-2" })).region, "us-west-2");
  assert.equal((await read("prod", { region: undefined })).region, "eu-west-1");
  assert.equal((await read("other", {})).region, "eu-north-1");
  assert.equal((await read("prod", {})).stage, "monolith");

  await writeFile(path.join(folder, "bad.json"), "[1]");
  await assert.rejects(read("bad", {}), /bad.json cannot be read as JSON: it is no object/);
});

test("every mistake is told, also settings that do not exist", () => {
  assert.throws(
    () => environmentOf({ spot: 2, database: { engineVersion: 17 }, colour: "red" }),
    (error: Error) => ["spot:", "database.engineVersion:", "colour"].every((part) => error.message.includes(part)),
  );
});
