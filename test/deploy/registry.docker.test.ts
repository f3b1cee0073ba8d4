/** The images that a deploy really builds and pushes, with the command as people run it. */
import assert from "node:assert/strict";
import { appendFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { execa } from "execa";
import { environmentOf } from "../../infra/deploy/environment.ts";
import { forum } from "../../infra/forum.ts";
import { eventually } from "../support/eventually.ts";
import { startAwsProxy, type AwsProxy } from "./aws-proxy.ts";
import { readOne, session, startMoto, type Moto } from "./moto.ts";
import { copyProject, type ProjectCopy } from "./project-copy.ts";
import { startRegistry, type Registry } from "./registry.ts";

const images = ["tasks", ...forum.services.map(({ name }) => name)];
const environment = environmentOf({});

let moto: Moto;
let registry: Registry;
let proxy: AwsProxy;
let project: ProjectCopy;

before(async () => {
  [moto, registry, project] = await Promise.all([startMoto(), startRegistry(), copyProject()]);
  proxy = await startAwsProxy(moto.url, registry.asEcr(moto.url));
  process.env["AWS_ENDPOINT_URL"] = proxy.url;
});
after(async () => {
  await proxy.stop();
  await Promise.all([moto.stop(), registry.stop(), project[Symbol.asyncDispose]()]);
});

interface Result {
  changes: number;
  calls: { changing: number };
  /** Seconds that each image took. */
  builds: number[];
}

/** Runs `deploy` in the copy of the project; what it says on stderr is told when it fails. */
async function deploy(): Promise<Result> {
  const main = path.join(project.folder, "infra/deploy/main.ts");
  const { stdout, stderr } = await execa(process.execPath, [main, "deploy", "--json"], { cwd: project.folder });
  const builds = [...stderr.matchAll(/Image \S+: created in ([\d.]+) s/g)].map(([, seconds]) => Number(seconds));
  return { ...(JSON.parse(stdout) as Result), builds };
}

/** The image of each task definition that serves now: `REGISTRY/REPOSITORY@DIGEST`. */
async function deployedImages(): Promise<Map<string, string>> {
  const { send } = session();
  const pairs = images.map(async (name) => {
    const { attributes } = await readOne(session(), environment, `task-definition/${name}`);
    const answer = (await send("ecs", "DescribeTaskDefinition", {
      taskDefinition: attributes["taskDefinitionArn"],
    })) as { taskDefinition: { containerDefinitions: { image: string }[] } };
    return [name, answer.taskDefinition.containerDefinitions[0]!.image] as const;
  });
  return new Map(await Promise.all(pairs));
}

/** What was pushed, by the name of the image. */
const pushed = async (): Promise<string[]> => (await registry.pushes()).map((push) => nameIn(push));
const nameIn = (push: string): string => push.replace(/^forum-dev-|:.*$/g, "");

test("every image is built and pushed once, and runs by the digest that the registry serves", async () => {
  const start = performance.now();
  const { builds } = await deploy();
  const seconds = (performance.now() - start) / 1000;
  await eventually(async () => assert.deepEqual((await pushed()).toSorted(), images.toSorted()));
  // Side by side: one after another they would have taken longer than the whole deploy.
  const sum = builds.reduce((total, one) => total + one, 0);
  assert.ok(builds.length === images.length && sum > seconds, `images took ${builds.join(", ")} of ${seconds} s`);
  const deployed = await deployedImages();
  for (const push of await registry.pushes()) {
    const [repository = "", tag = ""] = push.split(":");
    assert.match(tag, /^[0-9a-f]{16}$/);
    const digest = await registry.digestOf(repository, tag);
    assert.equal(deployed.get(nameIn(push)), `${registry.address}/${repository}@${digest}`);
  }
});

test("a second deploy builds and pushes nothing", async () => {
  const { changes, calls } = await deploy();
  assert.deepEqual({ changes, changing: calls.changing }, { changes: 0, changing: 0 });
  assert.equal((await pushed()).length, images.length);
});

test("a change in one service's folder makes one image, one revision and one roll-out", async () => {
  const before = await deployedImages();
  await appendFile(path.join(project.folder, "services/posts/src/main.ts"), '\nconsole.log("changed");\n');
  await deploy();
  await eventually(async () => assert.deepEqual((await pushed()).slice(images.length), ["posts"]));
  const now = await deployedImages();
  assert.deepEqual(
    images.filter((name) => now.get(name) !== before.get(name)),
    ["posts"],
  );
});

test("a change in what all share makes those images anew that have it in them", async () => {
  const count = (await pushed()).length;
  await appendFile(path.join(project.folder, "services/chassis/src/config.ts"), "\n// changed\n");
  await deploy();
  await eventually(async () => assert.deepEqual((await pushed()).slice(count).toSorted(), images.toSorted()));
});
