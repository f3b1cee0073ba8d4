/** `npm run setup`: makes this machine ready for containers. */
import { Command } from "commander";
import { recipes } from "./recipes.ts";
import { SetupError } from "./run.ts";
import { setup } from "./setup.ts";

const program = new Command("npm run setup")
  .description(
    [
      "Makes sure that Docker works and that the base images are present.",
      "A machine where they are, or where they can be pulled, is left alone.",
      "Elsewhere, on Debian and as root, it installs the engine and its plugins, starts the engine,",
      "and makes stand-ins for the base images, all out of Debian's packages.",
      "Can be repeated at any time, also after an interruption.",
    ].join(" "),
  )
  .allowExcessArguments(false)
  .addHelpText(
    "after",
    `
Base images: ${recipes.map(({ image }) => image).join(", ")}
Logs:        .data/setup/setup.log and .data/setup/dockerd.log
Exit codes:  0 containers can be used; 1 they cannot, and the message says what to do

A stand-in is made anew when its recipe in infra/local/setup has changed. An image that was pulled is never replaced.
Stop an engine that was started here: kill $(cat /var/run/docker.pid)`,
  )
  .action(async () => {
    try {
      await setup();
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      console.error(`\nsetup: ${error.message}`);
      process.exitCode = 1;
    }
  });

await program.parseAsync();
