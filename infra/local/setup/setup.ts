import { engineAnswers, pluginsAnswer, provideEngine } from "./engine.ts";
import { make, missing, pull } from "./images.ts";
import { recipes } from "./recipes.ts";
import { output, say } from "./run.ts";

/**
 * Makes sure that Docker works here and that every base image is present or can be had. A machine on which that is so is
 * left alone.
 * @throws SetupError that says what is missing and what to do
 */
export async function setup(): Promise<void> {
  if (!((await engineAnswers()) && (await pluginsAnswer()))) await provideEngine();
  const lacking = await missing(recipes);
  if (lacking.length > 0 && !(await pull(lacking))) {
    say("images cannot be pulled here");
    await make(await missing(recipes));
  }
  say("Docker works and the base images are there");
}

/**
 * Variables for programs that use testcontainers: its clean-up container (ryuk) is an image, too, and where the base
 * images had to be made it cannot be pulled either.
 */
export async function containerEnvironment(): Promise<Record<string, string>> {
  const list = (...filter: string[]) => output("docker", ["image", "ls", "--quiet", ...filter]);
  const [made, ryuk] = await Promise.all([list("--filter", "label=setup.recipe"), list("testcontainers/ryuk")]);
  return made && !ryuk ? { TESTCONTAINERS_RYUK_DISABLED: "true" } : {};
}
