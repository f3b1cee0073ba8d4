import { Option, type Command } from "commander";
import { readEnvironment, type Environment } from "./environment.ts";

/** Options of every verb. */
export interface CommonOptions {
  env: string;
  region?: string;
  stage?: string;
  json?: true;
}

/** Adds the options that every verb has. */
export const withCommonOptions = (command: Command): Command =>
  command
    .option("--env <name>", "environment; its settings are in infra/deploy/environments/NAME.json, if there", "dev")
    .option("--region <region>", "AWS region (default: that of the environment, or AWS_REGION, or us-east-1)")
    .addOption(
      new Option("--stage <stage>", "only the monolith behind the balancer, or also the services").choices([
        "monolith",
        "microservices",
      ]),
    )
    .option("--json", "print JSON for programs")
    .allowExcessArguments(false);

/** The environment that the options mean. @throws UserError */
export async function environmentFrom({ env, region, stage }: CommonOptions): Promise<Environment> {
  const fromShell = process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"];
  return readEnvironment(env, { region, stage }, { ...(fromShell && { region: fromShell }) });
}
