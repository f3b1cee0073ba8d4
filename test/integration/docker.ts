import { execa } from "execa";
import { root } from "../../infra/folders.ts";
import type { Service } from "../../infra/forum.ts";

/** Runs `docker` and gives what it prints; a failure shows all of its output. */
export async function docker(...args: string[]): Promise<string> {
  return (await execa("docker", args, { cwd: root, stdin: "ignore" })).stdout;
}

/** Builds a service's image as compose does, out of the same cache, and gives its name. */
export async function buildImage(
  { name, folder }: Pick<Service, "name" | "folder">,
  image = `forum-${name}`,
): Promise<string> {
  await docker("buildx", "build", "--load", "--quiet", "--file", `${folder}/Dockerfile`, "--tag", image, ".");
  return image;
}

/** Size in bytes of an image as a registry would store it. */
export async function compressedSize(image: string): Promise<number> {
  const { stdout } = await execa({ cwd: root, shell: true })`docker save ${image} | gzip -6 | wc -c`;
  return Number(stdout);
}

/** Every file of an image. */
export async function filesOf(image: string): Promise<string[]> {
  const id = await docker("create", image);
  try {
    const { stdout } = await execa({ shell: true })`docker export ${id} | tar -t`;
    return stdout.split("\n").filter((file) => !file.endsWith("/"));
  } finally {
    await docker("rm", id);
  }
}

/** Bytes of each layer that an instruction has added, the last one first. */
export async function layerSizes(image: string): Promise<number[]> {
  const sizes = await docker("history", "--human=false", "--format", "{{.Size}}", image);
  return sizes
    .split("\n")
    .map(Number)
    .filter((size) => size > 0);
}

/** Resident memory of a container in MiB, as `docker stats` shows it. */
export async function memoryOf(id: string): Promise<number> {
  const usage = await docker("stats", "--no-stream", "--format", "{{.MemUsage}}", id);
  const mib = /^([0-9.]+)MiB/.exec(usage)?.[1];
  if (!mib) throw new Error(`docker stats says "${usage}"`);
  return Math.round(Number(mib));
}
