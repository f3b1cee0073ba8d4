import { Command } from "commander";
import { forum } from "../../forum.ts";
import { costsOf } from "../cost.ts";
import { environmentFrom, withCommonOptions, type CommonOptions } from "../options.ts";
import { callList } from "../output/calls.ts";
import { costTable, planJson, planTable } from "../output/plan.ts";
import { planForEmptyAccount } from "../plan/offline.ts";
import { desiredWithoutProblems } from "../preflight/preflight.ts";

interface Options extends CommonOptions {
  offline: true;
  calls?: true;
}

/** Exit code when something would change. */
const CHANGES = 2;

export const plan = withCommonOptions(new Command("plan"))
  .description("Checks the settings, then shows what would be made and what it costs a month. Changes nothing.")
  .requiredOption("--offline", "plan against an empty account, without network and credentials")
  .option("--calls", "show the API calls in order, with their inputs")
  .addHelpText(
    "after",
    `
Exit codes: 0 nothing to do; 1 an error, such as settings that AWS would refuse; 2 there are changes

\${KIND/NAME.ATTRIBUTE} stands for what only AWS knows, such as the id of a VPC that is yet to be made.

Examples:
  npm run infra -- plan --offline
  npm run infra -- plan --offline --env prod --stage monolith --calls`,
  )
  .action(async (options: Options) => {
    const environment = await environmentFrom(options);
    const wanted = desiredWithoutProblems(forum, environment);
    const waves = planForEmptyAccount(wanted);
    const costs = costsOf(wanted);
    if (options.json) {
      console.log(JSON.stringify(planJson(waves, costs), null, 2));
    } else {
      const parts = [
        planTable(waves),
        ...(options.calls ? [callList(waves)] : []),
        costTable(costs, environment.region),
      ];
      console.log(parts.join("\n\n"));
    }
    process.exitCode = waves.length > 0 ? CHANGES : 0;
  });
