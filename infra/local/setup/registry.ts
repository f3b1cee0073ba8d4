import { execa } from "execa";
import type { Recipe } from "./recipes.ts";
import { say } from "./run.ts";

const patience = 15_000;

/** Pulls images until one cannot be pulled; the answer is why, or undefined when all of them are here. */
export async function pull(recipes: Recipe[]): Promise<string | undefined> {
  for (const { image } of recipes) {
    say(`pulling ${image}`);
    const why = await pullOne(image);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** A registry that answers may take its time; one that is silent behind a firewall is given up. */
async function pullOne(image: string): Promise<string | undefined> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), patience);
  const pulling = execa("docker", ["pull", image], { reject: false, stdin: "ignore", cancelSignal: silence.signal });
  // Its first line comes when the registry has sent the image's manifest.
  pulling.stdout.once("data", () => clearTimeout(timer));
  const result = await pulling;
  clearTimeout(timer);
  if (!result.failed) return undefined;
  return result.isCanceled ? `no registry answers within ${patience / 1000} s` : result.stderr.trim();
}
