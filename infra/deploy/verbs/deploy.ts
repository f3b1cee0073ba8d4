import { Command } from "commander";
import { apply, assertDone } from "../apply.ts";
import { explanations } from "../failure.ts";
import { environmentFrom, withCommonOptions, type CommonOptions } from "../options.ts";
import { planTable } from "../output/plan.ts";
import { callsOf } from "../plan/change.ts";
import { awsFor, planOnline, type Plan } from "../session.ts";

export const deploy = withCommonOptions(new Command("deploy"))
  .description(
    [
      "Makes AWS be as infra/forum.ts and the environment say: builds the images, creates what is missing,",
      "changes what differs,",
      "deletes what is no longer wanted, migrates the databases, rolls out, and waits until the services run.",
      "Run again, it finishes what was interrupted; when there is nothing to do, it changes nothing.",
    ].join(" "),
  )
  .addHelpText(
    "after",
    `
Images are built by "docker buildx build", side by side, and pushed to ECR under a tag that says what is in them; what is
there already is not built again. One whose digest stands under "images" in the environment's file is not built at all.
What is never changed: the number of tasks and the weights of rules, once they are there; the values of secrets.

Exit codes: 0 everything is as it should be; 1 an error or a failed deployment, which is told with what to do;
            3 rolled back: the revision before serves; 4 timed out: nobody knows, see status

Examples:
  npm run infra -- deploy --stage monolith
  npm run infra -- deploy --env prod`,
  )
  .action(async (options: CommonOptions) => {
    const environment = await environmentFrom(options);
    const aws = awsFor(environment);
    const start = performance.now();
    const plan = await planOnline(aws, environment);
    if (plan.changes.length > 0) console.error(`${planTable(plan.changes)}\n`);
    const outcome = await apply(aws, plan.changes, plan.known);
    for (const line of await explanations(aws.send, outcome, plan.wanted, plan.known)) console.error(line);
    assertDone(outcome, "run the same command again");
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
