import { parseArgs } from "node:util";
import { UsageError } from "../../infra/terminal/user-error.ts";
import { worksWith } from "./works/all.ts";

const SIZES = [10_000, 100_000, 1_000_000];
const names = worksWith(SIZES).map(({ name }) => name);

export const HELP = `Usage: npm run bench -- [options]

Measures the forum against baselines, in turns on the same database. Starts what it needs; no Docker.
The table goes to stdout; it and a chart also to test/bench/results/.

Options:
  --only NAMES    just these works, with commas between them: 
                  ${names.join(", ")}
  --rounds N      counted rounds (15)
  --seconds N     seconds under load for each candidate in a round (1)
  --ten-million   let the table of posts grow to ten million as well: some minutes and 5 GB more
  --json          print the result as JSON instead of the table
  --no-save       leave test/bench/results/ as it is
  --help          show this text

The whole run takes about ten minutes. See test/bench/README.md for what it shows and what it does not.`;

/** The command line of `npm run bench`. @throws UsageError that says what is wrong and shows the help */
export function readOptions(args = process.argv.slice(2)) {
  try {
    const { values } = parseArgs({
      args,
      allowNegative: true,
      options: {
        only: { type: "string" },
        rounds: { type: "string", default: "15" },
        seconds: { type: "string", default: "1" },
        "ten-million": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        save: { type: "boolean", default: true },
        help: { type: "boolean", default: false },
      },
    });
    const only = values.only?.split(",") ?? names;
    const unknown = only.filter((name) => !names.includes(name));
    if (unknown.length > 0) throw new UsageError(`--only ${unknown.join(",")}: known are ${names.join(", ")}`);
    const works = worksWith(values["ten-million"] ? [...SIZES, 10_000_000] : SIZES);
    return {
      ...values,
      works: works.filter(({ name }) => only.includes(name)),
      rounds: positive("rounds", values.rounds),
      seconds: positive("seconds", values.seconds),
    };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${HELP}`);
  }
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new UsageError(`--${name} ${text}: not a whole number from 1`);
  return value;
}
