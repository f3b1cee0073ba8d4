/** `npm run setup`: makes this machine ready for containers. */
import { SetupError } from "./run.ts";
import { setup } from "./setup.ts";

const HELP = `Usage: npm run setup

Makes sure that Docker works and that the base images are present. A machine where they are, or where they can be pulled,
is left alone. Elsewhere, on Debian and as root, it installs the engine and its plugins, starts the engine, and makes
stand-ins for the base images, all out of Debian's packages. Can be repeated at any time.`;

if (process.argv.slice(2).some((argument) => argument === "--help" || argument === "-h")) {
  console.log(HELP);
} else {
  try {
    await setup();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`\nsetup: ${error.message}`);
    process.exitCode = 1;
  }
}
