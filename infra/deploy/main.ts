/** `npm run infra -- VERB`: the forum on AWS. */
import { Command } from "commander";
import { UserError } from "./user-error.ts";
import { plan } from "./verbs/plan.ts";

const program = new Command("npm run infra --")
  .description("Puts the application of infra/forum.ts on AWS ECS Fargate.")
  .addCommand(plan)
  .addHelpText("after", "\nEach verb tells more: npm run infra -- plan --help");

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = 1;
  console.error(error instanceof UserError ? error.message : error);
}
