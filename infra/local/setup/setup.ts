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

/** Variables for programs that use testcontainers: its clean-up container is an image, too, that may not be had. */
export async function containerEnvironment(): Promise<Record<string, string>> {
  const made = await output("docker", ["image", "ls", "--quiet", "--filter", "label=setup.recipe"]);
  return made ? { TESTCONTAINERS_RYUK_DISABLED: "true" } : {};
}
