import { answerTo, canAsk } from "../terminal/question.ts";
import { UserError } from "../terminal/user-error.ts";
import { stamped, type CutoverEvent, type EventSink, type TimedEvent } from "./events.ts";
import { liveView } from "./live/display.ts";
import { writeReport } from "./report/report.ts";
import { awsTarget } from "./targets/aws.ts";
import { composeTarget } from "./targets/compose.ts";
import { localTarget } from "./targets/local.ts";
import type { Target } from "./targets/target.ts";
import { watcher, type Watching } from "./watching.ts";

/** Options of every verb. */
export interface CommonOptions {
  target: "local" | "compose" | "aws";
  json?: true;
  /** Folder in which `npm start` keeps its data. */
  data: string;
  /** Environment of the deployer, and its region. */
  env: string;
  region?: string;
  /** Where to write the report, if anywhere. */
  report?: string;
}

/** What a verb works with. */
export interface Session {
  target: Target;
  /** Hears what happens; it is shown on stderr, and goes into the report. */
  report: EventSink;
  /** Says what came of it: data for programs with `--json`, else a line; to stdout, at the end. */
  say: (data: object, text: string) => void;
  watching: Watching;
  /** Asks for a text to be typed. @throws UserError when another one is, or nobody is there to ask */
  confirm: (text: string, why: string) => Promise<void>;
}

const targets: Record<CommonOptions["target"], (options: CommonOptions) => Promise<Target>> = {
  local: ({ data }) => localTarget(data),
  compose: () => composeTarget(),
  aws: awsTarget,
};

/** Does the work of a verb on the forum that the options mean. */
export async function session(options: CommonOptions, work: (session: Session) => Promise<void>): Promise<void> {
  const target = await targets[options.target](options);
  const events: TimedEvent[] = [];
  const said: string[] = [];
  const view = liveView(process.stderr);
  const report = (event: CutoverEvent) => {
    const timed = stamped(event);
    events.push(timed);
    view.event(timed);
  };
  try {
    await work({
      target,
      report,
      say: (data, text) => said.push(options.json ? JSON.stringify(data) : text),
      watching: watcher(target, report),
      confirm: (text, why) => {
        view.pause();
        return confirm(text, why);
      },
    });
  } finally {
    view.end();
    // What was done is told also when the rest could not be.
    for (const line of said) console.log(line);
    if (options.report !== undefined) {
      await writeReport(options.report, events);
      console.error(`The report is in ${options.report}`);
    }
    await target.close();
  }
}

async function confirm(text: string, why: string): Promise<void> {
  if (!canAsk()) throw new UserError(`${why} Nobody is here to ask: add --yes.`, 2);
  const typed = await answerTo(`${why}\nType "${text}" to go on: `);
  if (typed !== text) throw new UserError("Nothing was done.", 2);
}
