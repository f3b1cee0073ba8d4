import { Command } from "commander";
import { forum } from "../../forum.ts";
import { UserError } from "../../terminal/user-error.ts";
import { apply } from "../apply.ts";
import { conclude } from "../conclude.ts";
import { blueprint } from "../desired/blueprint.ts";
import type { Environment } from "../environment.ts";
import { environmentFrom, withCommonOptions, type CommonOptions } from "../options.ts";
import { planTable } from "../output/plan.ts";
import { limited, withPatience, type Patience } from "../patience.ts";
import { callsOf } from "../plan/change.ts";
import { awsFor, planOnline, type Plan } from "../session.ts";

type Options = CommonOptions & Patience;

export const deploy = withPatience(withCommonOptions(new Command("deploy")))
  .description(
    [
      "Makes AWS be as infra/forum.ts and the environment say: builds the images, creates what is missing,",
      "changes what differs,",
      "deletes what is no longer wanted, migrates the databases, rolls out, and waits until the services run.",
      "Run again, it finishes what was interrupted; when there is nothing to do, it changes nothing.",
    ].join(" "),
  )
  .argument("[services...]", "only these, with what they need and their scaling and alarms; nothing is deleted then")
  .addHelpText(
    "after",
    `
Images are built by "docker buildx build", side by side, and pushed to ECR under a tag that says what is in them; what is
there already is not built again. One whose digest stands under "images" in the environment's file is not built at all.
What is never changed: the number of tasks and the weights of rules, once they are there; the values of secrets.

Ctrl-C begins nothing more. In a terminal it asks whether roll-outs that are under way are left running or rolled back;
elsewhere they are left running. Once more ends at once.

Exit codes: 0 everything is as it should be; 1 an error or a failed deployment, which is told with what to do;
            3 rolled back: the revision before serves; 4 timed out: nobody knows, see status;
            5 misconfigured: the image cannot be pulled or is for another architecture, or a secret is missing;
            130 interrupted by Ctrl-C. With --json, stdout tells what became of what, also then.

Examples:
  npm run infra -- deploy --stage monolith
  npm run infra -- deploy --env prod
  npm run infra -- deploy posts threads`,
  )
  .action(async (services: string[], options: Options) => {
    const environment = await environmentFrom(options);
    assertServices(services, environment);
    const aws = awsFor(environment);
    const start = performance.now();
    const plan = await planOnline(aws, environment, services);
    if (plan.changes.length > 0) console.error(`${planTable(plan.changes)}\n`);
    const outcome = await apply(aws, limited(plan.changes, options), plan.known, options.poll * 1000);
    await conclude(aws.send, outcome, { ...plan, json: options.json });
    const result = {
      environment: environment.name,
      url: urlOf(plan, environment.certificate !== undefined),
      changes: plan.changes.length,
      plannedCalls: callsOf(plan.changes),
      calls: aws.calls,
      seconds: Number(((performance.now() - start) / 1000).toFixed(1)),
    };
    console.log(options.json ? JSON.stringify(result, null, 2) : textOf(result));
  });

/** @throws UserError that lists the services, unless all of the names are among them */
function assertServices(names: readonly string[], environment: Environment): void {
  const there = blueprint(forum, environment).services.map(({ name }) => name);
  const unknown = names.filter((name) => !there.includes(name));
  if (unknown.length === 0) return;
  throw new UserError(
    `There is no service ${unknown.join(", ")} at the stage ${environment.stage}. There are: ${there.join(", ")}.`,
  );
}

const urlOf = ({ known }: Plan, secure: boolean): string =>
  `${secure ? "https" : "http"}://${known.get("load-balancer/main")?.["DNSName"] ?? ""}/`;

const textOf = ({
  environment,
  url,
  changes,
  calls,
  seconds,
}: {
  environment: string;
  url: string;
  changes: number;
  calls: { changing: number };
  seconds: number;
}) =>
  `${environment}: ${changes === 0 ? "nothing to do" : `${changes} done with ${calls.changing} calls`} in ${seconds} s\n${url}`;
