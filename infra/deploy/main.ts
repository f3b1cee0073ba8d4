/** `npm run infra -- VERB`: the forum on AWS. */
import { Command } from "commander";
import { exitFor } from "../terminal/exit.ts";
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
  exitFor(error, isRefusal);
}

/** Whether AWS says no, or would not even listen. */
function isRefusal(error: Error): boolean {
  return "$metadata" in error || error.name === "CredentialsProviderError";
}
