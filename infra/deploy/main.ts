/** `npm run infra -- VERB`: the forum on AWS. */
import { Command } from "commander";
import { UserError } from "../terminal/user-error.ts";
import { deploy } from "./verbs/deploy.ts";
import { destroy } from "./verbs/destroy.ts";
import { exec } from "./verbs/exec.ts";
import { logs } from "./verbs/logs.ts";
import { plan } from "./verbs/plan.ts";
import { policy } from "./verbs/policy.ts";
import { rollback } from "./verbs/rollback.ts";
import { status } from "./verbs/status.ts";

const program = new Command("npm run infra --")
  .description("Puts the application of infra/forum.ts on AWS ECS Fargate.")
  .addCommand(plan)
  .addCommand(deploy)
  .addCommand(status)
  .addCommand(logs)
  .addCommand(exec)
  .addCommand(rollback)
  .addCommand(destroy)
  .addCommand(policy)
  .addHelpText(
    "after",
    `
Credentials are those that AWS's own tools use: AWS_PROFILE, AWS_ACCESS_KEY_ID, a login, a role.
Each verb tells more: npm run infra -- plan --help`,
  );

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = error instanceof UserError ? error.exitCode : 1;
  console.error(isForPeople(error) ? error.message : error);
}

/** A mistake, or AWS saying no, in words; a bug with its stack. */
function isForPeople(error: unknown): error is Error {
  return (
    error instanceof UserError ||
    (error instanceof Error && ("$metadata" in error || error.name === "CredentialsProviderError"))
  );
}
