import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { before, after, test } from "node:test";
import { execa } from "execa";
import type { Send } from "../../infra/deploy/ask.ts";
import { contentTag, copiedBy } from "../../infra/deploy/content.ts";
import { compare } from "../../infra/deploy/plan/compare.ts";
import type { Attributes, ResourceId } from "../../infra/deploy/reference.ts";
import { run } from "../../infra/deploy/run/run.ts";
import { desired } from "../../infra/deploy/desired/desired.ts";
import { forum } from "../../infra/forum.ts";
import { environment } from "./support.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "image-"));
});
after(() => rm(folder, { recursive: true }));

test("the sources of a recipe are what it copies from the project", () => {
  const recipe = `FROM node AS build
COPY package.json package-lock.json ./
COPY --chmod=755 infra/images infra/images
FROM scratch
COPY --from=build /app /app`;
  assert.deepEqual(copiedBy(recipe), ["package.json", "package-lock.json", "infra/images"]);
});

test("an image is tagged by what goes in, committed or not, and by nothing else", async () => {
  const at = path.join(folder, "project");
  await mkdir(path.join(at, "src"), { recursive: true });
  const write = (file: string, text: string) => writeFile(path.join(at, file), text);
  await write("Dockerfile", "FROM scratch\nCOPY src src\n");
  await write("src/main.ts", "one");
  await write(".gitignore", "*.log\n");
  await execa("git", ["init", "--quiet"], { cwd: at });
  const tag = (architecture = "X86_64") => contentTag("Dockerfile", architecture, at);

  const first = await tag();
  assert.match(first, /^[0-9a-f]{16}$/);
  await write("README.md", "not copied");
  await write("src/debug.log", "ignored");
  assert.equal(await tag(), first);
  assert.notEqual(await tag("ARM64"), first);
  await write("src/main.ts", "two");
  assert.notEqual(await tag(), first);
  await write("src/main.ts", "one");
  await write("src/new.ts", "");
  assert.notEqual(await tag(), first);
});

const DIGEST = `sha256:${"d".repeat(64)}`;
const IMAGE: ResourceId = "image/forum-dev-users-0123456789abcdef";

/** Runs the change that makes the image of users, with a program in the place of docker. */
async function build(docker: string) {
  const bin = await mkdtemp(path.join(folder, "bin-"));
  await writeFile(path.join(bin, "docker"), `#!/bin/sh\necho "$@" >> ${bin}/log\n${docker}\n`);
  await chmod(path.join(bin, "docker"), 0o755);
  const wanted = desired(forum, environment(), { users: "0123456789abcdef" });
  const change = compare(wanted, new Map()).changes.find(({ id }) => id === IMAGE)!;
  const known = new Map<ResourceId, Attributes>([
    ["repository/users", { repositoryUri: "registry.example/forum-dev-users", registry: "registry.example" }],
  ]);
  const send: Send = async (_, operation) =>
    operation === "GetAuthorizationToken"
      ? { authorizationData: [{ authorizationToken: Buffer.from("AWS:the-password").toString("base64") }] }
      : { imageDetails: [{ imageTags: ["0123456789abcdef"], imageDigest: DIGEST }] };
  const progress = { started: () => {}, waiting: () => {}, done: () => {}, failed: () => {} };
  const PATH = process.env["PATH"];
  process.env["PATH"] = `${bin}:${PATH}`;
  try {
    const outcome = await run([change], { send, known, progress, pace: 1 });
    return { outcome, known, log: await readFile(path.join(bin, "log"), "utf8"), bin };
  } finally {
    process.env["PATH"] = PATH;
  }
}

test("an image is built for its platform, pushed under its tag, and known by its digest", async () => {
  const { outcome, known, log, bin } = await build('[ "$1" = login ] && cat > $(dirname $0)/stdin; true');
  assert.deepEqual(outcome.failed, []);
  assert.equal(known.get(IMAGE)?.["Digest"], DIGEST);
  assert.equal(
    log,
    "login --username AWS --password-stdin registry.example\n" +
      "buildx build --push --provenance=false --platform linux/amd64 --file services/users/Dockerfile " +
      "--tag registry.example/forum-dev-users:0123456789abcdef .\n",
  );
  // The password goes by the standard input: arguments can be seen by everybody on the machine.
  assert.equal(await readFile(path.join(bin, "stdin"), "utf8"), "the-password");
});

test("a build that fails says so with the end of its output", async () => {
  const { outcome } = await build('[ "$1" = login ] || { echo "no space left" >&2; exit 17; }');
  assert.match(outcome.failed[0]!.error.message, /buildx build .* has failed: .*exit code 17[^]*no space left/);
});
