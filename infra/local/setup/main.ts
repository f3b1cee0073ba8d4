/** `npm run setup`: makes this machine ready for containers. */
import { Command } from "commander";
import { UserError } from "../../terminal/user-error.ts";
import { containerEnvironment, setup } from "./setup.ts";

const program = new Command("npm run setup --")
  .description("Makes sure that Docker works and that the images are here which the project starts from.")
  .option("--images <names>", "further images, separated by commas: moto, registry", (names) => names.split(","))
  .option("--env", "only print the variables that tests with containers need here, for a shell")
  .allowExcessArguments(false)
  .addHelpText(
    "after",
    `
A machine where Docker works and the images are here, or can be pulled, is left alone.
Elsewhere, on Debian as root, it installs and starts the engine and makes stand-ins for
the images, all from Debian's packages. It can be run at any time, also after it was
interrupted. An official image is never replaced, a stand-in when its recipe has changed.

  npm run setup
  npm run setup -- --images moto,registry
  eval "$(node infra/local/setup/main.ts --env)"

Logs:        .data/setup/setup.log, .data/setup/dockerd.log
Exit codes:  0 containers can be used; 1 they cannot, and the message says what to do
To stop an engine that was started here: kill $(cat /var/run/docker.pid)`,
  )
  .parse();
const { images, env } = program.opts<{ images?: string[]; env?: true }>();

try {
  if (env) {
    for (const [name, value] of Object.entries(await containerEnvironment())) console.log(`export ${name}=${value}`);
  } else {
    await setup(images ? { images } : {});
  }
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(`\nsetup: ${error.message}`);
  process.exitCode = 1;
}
