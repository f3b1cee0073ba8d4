import { setTimeout as sleep } from "node:timers/promises";
import { Argument, Command } from "commander";
import { forum } from "../../forum.ts";
import { UserError } from "../../terminal/user-error.ts";
import { reader } from "../ask.ts";
import { blueprint, nameOf } from "../desired/blueprint.ts";
import { readable } from "../logs/line.ts";
import { readLines, type LogLine } from "../logs/read.ts";
import { environmentFrom, withCommonOptions, type CommonOptions } from "../options.ts";
import { awsFor } from "../session.ts";

interface Options extends CommonOptions {
  follow?: true;
  since: string;
}

/** Milliseconds between two looks. */
const INTERVAL = 2000;
const MINUTE = 60_000;
/** CloudWatch shows lines up to some seconds late: so far back each look goes again. */
const OVERLAP = 20_000;

export const logs = withCommonOptions(new Command("logs"))
  .description("Shows what the tasks of a service have logged, all of them together in the order of time.")
  .addArgument(
    new Argument("<service>", "a service, or the one-off tasks").choices([
      ...forum.services.map(({ name }) => name),
      "tasks",
    ]),
  )
  .option("--follow", "go on with new lines, until Ctrl-C")
  .option("--since <minutes>", "how far back to begin", "10")
  .addHelpText(
    "after",
    `
Each line begins with the first letters of the task's id. With --json each line is one JSON object, its text as logged.
Exit codes: 0 the log was read, also when it is empty; 1 an error

Examples:
  npm run infra -- logs users --follow
  npm run infra -- logs tasks --since 60 --json`,
  )
  .action(async (service: string, options: Options) => {
    const minutes = Number(options.since);
    if (!(minutes > 0)) throw new UserError(`--since must be a number of minutes, not "${options.since}".`);
    const environment = await environmentFrom(options);
    const { send } = awsFor(environment);
    const group = nameOf(blueprint(forum, environment), service);
    const seen = new Set<string>();
    const print = ({ id, time, task, text }: LogLine) => {
      seen.add(id);
      const at = new Date(time).toISOString();
      console.log(options.json ? JSON.stringify({ time: at, task, text }) : `${task} ${readable(text)}`);
    };
    let from = Date.now() - minutes * MINUTE;
    do {
      const lines = await readLines(reader(send), group, from);
      lines.filter(({ id }) => !seen.has(id)).forEach(print);
      if (options.follow) await sleep(INTERVAL);
      from = Math.max(from, Date.now() - OVERLAP);
    } while (options.follow);
  });
