import { UserError } from "../../terminal/user-error.ts";
import { provideDocker } from "./docker.ts";
import { anyMadeHere, make, missing } from "./images.ts";
import { recipes } from "./recipes.ts";
import { pull } from "./registry.ts";
import { output, say } from "./run.ts";

export interface SetupOptions {
  /** Further images besides those that everybody needs, by the names of their folders. */
  images?: string[];
}

/**
 * Makes sure that Docker works here and that the images are here. A machine where that is so is left alone, and one that
 * can pull images pulls them; elsewhere, on Debian as root, everything is made from Debian's packages.
 * @throws UserError that says what is missing and what to do
 */
export async function setup({ images = [] }: SetupOptions = {}): Promise<void> {
  const unknown = images.find((name) => !recipes.some(({ folder }) => folder === name));
  if (unknown !== undefined) {
    throw new UserError(
      `There is no image "${unknown}". There are: ${recipes.map(({ folder }) => folder).join(", ")}.`,
    );
  }
  const wanted = recipes.filter(({ folder, optional }) => !optional || images.includes(folder));

  await provideDocker();
  let lacking = await missing(wanted);
  if (lacking.length > 0) {
    const why = await pull(lacking);
    if (why !== undefined) {
      say(`images cannot be pulled here: ${why}`);
      lacking = await missing(lacking);
      await make(lacking);
    }
  }
  say(`Docker works and has ${wanted.map(({ image }) => image).join(", ")}`);
}

/**
 * Variables for programs that use testcontainers: it starts a container of its own that cleans up, whose image is not
 * to be had where the others had to be made.
 */
export async function containerEnvironment(): Promise<Record<string, string>> {
  const [made, cleaner] = await Promise.all([
    anyMadeHere(),
    output("docker", ["image", "ls", "--quiet", "testcontainers/ryuk"]),
  ]);
  return made && !cleaner ? { TESTCONTAINERS_RYUK_DISABLED: "true" } : {};
}
