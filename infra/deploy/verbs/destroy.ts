import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { answerTo, canAsk } from "../../terminal/question.ts";
import { UserError } from "../../terminal/user-error.ts";
import { apply, assertDone } from "../apply.ts";
import { reader } from "../ask.ts";
import { environmentFrom, withCommonOptions, type CommonOptions } from "../options.ts";
import { planTable } from "../output/plan.ts";
import { removals } from "../plan/removal.ts";
import { awsFor, existingOf } from "../session.ts";
import { leftOf } from "../sweep.ts";

interface Options extends CommonOptions {
  confirm?: string;
}

/** Sweeps, and milliseconds between them: the index of tags lags behind. */
const SWEEPS = 5;
const BETWEEN = 10_000;

export const destroy = withCommonOptions(new Command("destroy"))
  .description(
    [
      "Takes away everything that carries the tags of the environment, also the databases with their data.",
      "Asks for the environment's name first, and lists in the end what is left.",
      "Run again, it goes on where it was interrupted.",
    ].join(" "),
  )
  .option("--confirm <name>", "the environment's name, instead of being asked for it")
  .addHelpText(
    "after",
    `
What goes: everything with the tag forum:environment=NAME, and nothing else. No snapshot of the database is kept.
Exit codes: 0 nothing is left; 1 something is, and it is listed, or an error

Example:
  npm run infra -- destroy --env dev`,
  )
  .action(async (options: Options) => {
    const environment = await environmentFrom(options);
    const aws = awsFor(environment);
    const existing = await existingOf(reader(aws.send), environment);
    const changes = removals(existing.filter(({ found }) => found.owned));
    if (changes.length > 0) {
      console.error(`${planTable(changes)}\n`);
      await assertConfirmed(environment.name, options.confirm);
      assertDone(await apply(aws, changes, new Map()), "run the same command again");
    }
    let left = await leftOf(aws.send, environment);
    for (let sweep = 1; left.length > 0 && sweep < SWEEPS; sweep += 1) {
      console.error(`${left.length} are still listed; looking again in ${BETWEEN / 1000} s`);
      await sleep(BETWEEN);
      left = await leftOf(aws.send, environment);
    }
    const result = { environment: environment.name, deleted: changes.length, left, calls: aws.calls };
    if (options.json) console.log(JSON.stringify(result, null, 2));
    else console.log([`${changes.length} deleted, ${left.length} left`, ...left.map((one) => `  ${one}`)].join("\n"));
    if (left.length > 0) process.exitCode = 1;
  });

/** @throws UserError unless the name was given, or is typed now */
async function assertConfirmed(name: string, given: string | undefined): Promise<void> {
  if (given === name) return;
  if (given !== undefined)
    throw new UserError(`--confirm says "${given}", the environment is "${name}". Nothing was deleted.`);
  if (!canAsk()) throw new UserError(`Nothing was deleted. To do it unasked: --confirm ${name}`);
  const typed = await answerTo(`All of this goes, with all data. Type the environment's name (${name}): `);
  if (typed !== name) throw new UserError("That is not its name. Nothing was deleted.");
}
