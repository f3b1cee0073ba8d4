/** Whether images that are given by digest are there, and made for the machines that will run them. */
import type { Image } from "@aws-sdk/client-ecr";
import * as z from "zod";
import { orNone, type Ask } from "../ask.ts";
import { blueprint, nameOf } from "../desired/blueprint.ts";
import type { Environment } from "../environment.ts";
import { forum } from "../../forum.ts";

/** What Docker calls the architectures of ECS. */
const DOCKER_NAMES = { X86_64: "amd64", ARM64: "arm64" };
/** Milliseconds that a download of an image's description may take. */
const PATIENCE = 5000;

const platform = z.object({ architecture: z.string(), os: z.string() });
/** An image for one platform, which its configuration names, or a list of such. */
const manifest = z.union([
  z.object({ manifests: z.array(z.object({ platform: platform.optional() })) }),
  z.object({ config: z.object({ digest: z.string() }) }),
]);

/** What is wrong with the given images. */
export async function imageProblems(ask: Ask, environment: Environment): Promise<string[]> {
  const plan = blueprint(forum, environment);
  const needed = ["tasks", ...plan.services.map(({ name }) => name)];
  const given = Object.entries(environment.images).filter(([name]) => needed.includes(name));
  const all = await Promise.all(
    given.map(([name, digest]) => problemsOf(ask, nameOf(plan, name), digest, DOCKER_NAMES[environment.architecture])),
  );
  return all.flat();
}

async function problemsOf(ask: Ask, repositoryName: string, imageDigest: string, wanted: string): Promise<string[]> {
  const answers = await orNone(
    ask("ecr", "BatchGetImage", { repositoryName, imageIds: [{ imageDigest }] }),
    "RepositoryNotFoundException",
  );
  if (answers.length === 0) {
    return [
      `the repository ${repositoryName} does not exist, so it cannot hold the given ${imageDigest}; the first deploy has to build`,
    ];
  }
  const image = answers.flatMap(({ images }) => images ?? [])[0];
  if (!image) return [`the repository ${repositoryName} has no image ${imageDigest}`];
  const made = await architecturesOf(ask, repositoryName, image);
  if (!made || made.includes(wanted)) return [];
  return [`${repositoryName}@${imageDigest} is made for ${made.join(", ")}; tasks would run on ${wanted}`];
}

/** The architectures that an image is made for; undefined where it does not say. */
async function architecturesOf(ask: Ask, repositoryName: string, image: Image): Promise<string[] | undefined> {
  const { success, data } = manifest.safeParse(parsed(image.imageManifest));
  if (!success) return undefined;
  if ("manifests" in data) {
    // Attestations stand in the list as images for "unknown".
    const linux = data.manifests.flatMap(({ platform }) => (platform?.os === "linux" ? [platform.architecture] : []));
    return linux.length > 0 ? linux : undefined;
  }
  const input = { repositoryName, layerDigest: data.config.digest };
  const [answer] = await ask("ecr", "GetDownloadUrlForLayer", input);
  return answer?.downloadUrl ? architectureAt(answer.downloadUrl) : undefined;
}

/** What the configuration of an image says, which ECR keeps like a layer. It may be out of reach: then it says nothing. */
async function architectureAt(url: string): Promise<string[] | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) });
    const { success, data } = platform.safeParse(await response.json());
    return success ? [data.architecture] : undefined;
  } catch {
    return undefined;
  }
}

function parsed(text = ""): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
