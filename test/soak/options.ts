import { parseArgs } from "node:util";
import { UsageError } from "../../infra/terminal/user-error.ts";

export const HELP = `Usage: npm run soak -- [options]

Runs the forum on plain Node under load while one fault after the other comes upon it, chosen by a seed, and compares
the figures before and after. Progress goes to stderr, the table to stdout. No Docker.

Options:
  --minutes N     minutes in all (10)
  --seed N        which faults, and when (a new one at each run)
  --json          print the figures as JSON instead of the table
  --help          show this text

Exit codes: 0 the forum is as it was; 1 it is not, or an acknowledged post is lost; 2 a mistake in the command line.`;

/** The command line of `npm run soak`. @throws UsageError that says what is wrong and shows the help */
export function readOptions(args = process.argv.slice(2)) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        minutes: { type: "string", default: "10" },
        seed: { type: "string", default: String(Date.now() % 1_000_000) },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
    if (!(minutes >= 1 && minutes <= 1440)) throw new UsageError(`--minutes ${values.minutes}: not from 1 to 1440`);
    if (!Number.isInteger(seed)) throw new UsageError(`--seed ${values.seed}: not a whole number`);
    return { ...values, minutes, seed };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${HELP}`);
  }
}
