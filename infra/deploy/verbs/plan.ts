import { Command } from "commander";
import { forum } from "../../forum.ts";
import { costsOf } from "../cost.ts";
import type { Environment } from "../environment.ts";
import { environmentFrom, withCommonOptions, type CommonOptions } from "../options.ts";
import { callList } from "../output/calls.ts";
import { costTable, planJson, planTable } from "../output/plan.ts";
import type { Change } from "../plan/change.ts";
import { compare } from "../plan/compare.ts";
import { desiredWithoutProblems } from "../preflight/preflight.ts";
import type { Resource } from "../resource.ts";
import { awsFor, planOnline } from "../session.ts";

interface Options extends CommonOptions {
  offline?: true;
  calls?: true;
}

/** Exit code when something would change. */
const CHANGES = 2;

export const plan = withCommonOptions(new Command("plan"))
  .description(
    [
      "Checks the settings, then shows what deploy would create, change, replace and delete,",
      "and what everything costs a month. Changes nothing.",
    ].join(" "),
  )
  .option("--offline", "plan against an empty account, without network and credentials")
  .option("--calls", "show the API calls in order, with their inputs")
  .addHelpText(
    "after",
    `
Exit codes: 0 nothing to do; 1 an error, such as settings that AWS would refuse; 2 there are changes

\${KIND/NAME.ATTRIBUTE} stands for what only AWS knows, such as the id of a VPC that is yet to be made.

Examples:
  npm run infra -- plan --offline
  npm run infra -- plan --env prod --stage monolith --calls`,
  )
  .action(async (options: Options) => {
    const environment = await environmentFrom(options);
    const { wanted, changes } = options.offline
      ? planOffline(environment)
      : await planOnline(awsFor(environment), environment);
    const costs = costsOf(wanted);
    if (options.json) {
      console.log(JSON.stringify(planJson(changes, costs), null, 2));
    } else {
      const calls = options.calls && changes.length > 0 ? [callList(changes)] : [];
      console.log([planTable(changes), ...calls, costTable(costs, environment.region)].join("\n\n"));
    }
    process.exitCode = changes.length > 0 ? CHANGES : 0;
  });

function planOffline(environment: Environment): { wanted: Resource[]; changes: Change[] } {
  const wanted = desiredWithoutProblems(forum, environment);
  return { wanted, changes: compare(wanted, new Map()).changes };
}
