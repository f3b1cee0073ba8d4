/** `npm run demo`: three modules move out of a monolith, back and out again, while people use it. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { Command } from "commander";
import { DATA } from "../../folders.ts";
import { exitFor, INTERRUPTED } from "../../terminal/exit.ts";
import { UserError } from "../../terminal/user-error.ts";
import { stamped } from "../events.ts";
import { writeReport } from "../report/report.ts";
import { durationOf } from "../shift.ts";
import { narrator } from "./narrator.ts";
import { onCompose } from "./on-compose.ts";
import { onNode } from "./on-node.ts";
import { openInBrowser } from "./open.ts";
import { isGood, outcomeEvent, outcomeLines, outcomeOf } from "./outcome.ts";
import { tour, type TourOptions } from "./tour.ts";

interface Options extends Pick<TourOptions, "clients" | "rate" | "posts" | "calm" | "bake"> {
  local?: true;
  port?: number;
  project: string;
  data: string;
  report: string;
  open: boolean;
  keep?: true;
  json?: true;
}

const command = new Command("npm run demo --")
  .description(
    "Starts the forum with everything in the monolith, lets people use it, moves users, threads and posts to their " +
      "services, back, and there again, and looks for every write at the end.",
  )
  .option("--local", "on plain Node with a PostgreSQL server out of an npm package, without Docker")
  .option("--clients <number>", "who use it at the same time", whole(1, 500), 20)
  .option("--rate <number>", "requests per second of all clients together", whole(1, 10_000), 60)
  .option("--posts <number>", "posts that the monolith has beside the sample's", whole(0, 10_000_000), 10_000)
  .option("--calm <time>", "how long everything stays where it is before and after", durationOf, 10_000)
  .option("--bake <time>", "how long each weight of a canary has to prove itself", durationOf, 4000)
  .option("--port <number>", "of the forum; a free one unless given", whole(1, 65_535))
  .option("--project <name>", "of the composition", "forum-demo")
  .option("--data <folder>", "with --local: where the database lies meanwhile", path.join(DATA, "demo"))
  .option("--report <file>", "where the report goes", path.join(DATA, "demo.html"))
  .option("--no-open", "do not open the report")
  .option("--keep", "leave the forum running")
  .option("--json", "print the outcome as JSON for programs")
  .addHelpText(
    "after",
    "\nCtrl-C ends it at any time and leaves nothing behind.\n" +
      "Exit codes: 0 nothing failed and nothing is lost; 1 something is, or could not be done; " +
      "2 wrong usage; 3 the sides are not equal, or a canary went back; 130 interrupted.",
  )
  .allowExcessArguments(false)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

try {
  process.exitCode = await demo(command.parse().opts<Options>());
} catch (error) {
  console.error();
  exitFor(error);
}
process.exit();

async function demo(options: Options): Promise<number> {
  const tell = narrator(process.stderr);
  const world = options.local ? onNode(options) : onCompose(options);
  const interrupt = new AbortController();
  const interrupted = new Promise<undefined>((resolve) => {
    const stop = () => {
      interrupt.abort(new UserError("Interrupted.", INTERRUPTED));
      resolve(undefined);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
    // Whoever has read along has gone.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", stop);
  });
  let keep = false;
  const work = async (): Promise<number> => {
    tell.stage("start");
    const forum = await world.start(interrupt.signal);
    tell.say(`   ${forum.url}/api/threads, on ${world.name}`);
    tell.stage("people");
    const seen = await tour({ ...options, forum, narrator: tell, signal: interrupt.signal });
    const outcome = outcomeOf(seen, options.clients);
    await mkdir(path.dirname(options.report), { recursive: true });
    await writeReport(options.report, [...seen.events, stamped(outcomeEvent(outcome))]);
    console.log(options.json ? JSON.stringify(outcome) : `\n${outcomeLines(outcome, options.report).join("\n")}`);
    if (options.open) openInBrowser(options.report);
    keep = options.keep === true;
    if (keep) tell.say(`\nThe forum stays at ${forum.url}. Stop it: ${forum.stopCommand}`);
    if (keep && options.local) await interrupted;
    return isGood(outcome) ? 0 : 1;
  };
  const working = work();
  try {
    const code = await Promise.race([working, interrupted]);
    return code ?? INTERRUPTED;
  } finally {
    tell.endStage();
    working.catch(() => {});
    if (!keep || options.local) {
      tell.stage("stop");
      await world.stop();
    }
  }
}

function whole(min: number, max: number) {
  return (text: string): number => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max) return Number(text);
    throw new UserError(`"${text}" is not a whole number from ${min} to ${max}.`, 2);
  };
}
