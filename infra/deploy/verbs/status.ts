import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { reader } from "../ask.ts";
import { environmentFrom, withCommonOptions, type CommonOptions } from "../options.ts";
import { awsFor } from "../session.ts";
import { readStatus } from "../status/read.ts";
import { statusText } from "../status/text.ts";

interface Options extends CommonOptions {
  watch?: true;
}

/** Milliseconds between two looks. */
const INTERVAL = 5000;
const CLEAR = "\u001b[2J\u001b[H";

export const status = withCommonOptions(new Command("status"))
  .description(
    "Shows each service: its tasks, targets, roll-out, image and last events; the rules with their weights; the URL.",
  )
  .option("--watch", `look again every ${INTERVAL / 1000} s, until Ctrl-C`)
  .addHelpText(
    "after",
    `
With --json and --watch, each look is one line of JSON.
Exit codes: 0 the status was read; 1 an error

Example:
  npm run infra -- status --env prod --watch`,
  )
  .action(async (options: Options) => {
    const environment = await environmentFrom(options);
    const aws = awsFor(environment);
    for (;;) {
      const now = await readStatus(reader(aws.send), environment);
      if (options.json) console.log(JSON.stringify(now, null, options.watch ? 0 : 2));
      else console.log(`${options.watch && process.stdout.isTTY ? CLEAR : ""}${statusText(now)}`);
      if (!options.watch) return;
      await sleep(INTERVAL);
    }
  });
