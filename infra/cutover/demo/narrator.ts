/** Tells whoever watches the demo what is happening and why. */
import { styleText } from "node:util";
import { liveView, type LiveView } from "../live/display.ts";
import type { EventSink } from "../events.ts";

/** The parts of the demo, in their order: a heading, and why. */
const STAGES = {
  start: [
    "A forum in one piece",
    "One Node process and one database do everything. Three services stand ready beside it, empty.",
  ],
  people: [
    "People come",
    "Clients with cookies log in, read, write, change and delete. From now on nobody lets them wait or fail.",
  ],
  before: ["Everything in the monolith", "What the figures are without any move, to compare with."],
  there: [
    "Users, threads and posts move to their services",
    "Rows are copied while they change, both sides are compared, reads move step by step, then one transaction hands over.",
  ],
  back: [
    "And back",
    "The monolith has followed all the while, so the way back is the same move. Nobody needs a backup.",
  ],
  again: ["And there again", "Because a way that was gone once may have been luck."],
  after: ["Everything in the services", "The same load as at the beginning, answered by three services."],
  count: ["Is everything there?", "Every write that was acknowledged is looked for: it has to be there, once."],
  stop: ["Stopping", "What the demo has started goes, with its data."],
} as const;

export type Stage = keyof typeof STAGES;

export interface Narrator {
  /** Begins a part of the demo; what happens in it is shown live. */
  stage(stage: Stage): void;
  endStage(): void;
  event: EventSink;
  /** Tells how far something is that has no events; call the result with each count. */
  progress(what: string, total: number): (done: number) => void;
  say(line: string): void;
  warn: (error: unknown) => void;
}

/** @param stream of a terminal, or of a log */
export function narrator(stream: NodeJS.WriteStream): Narrator {
  let view: LiveView | undefined;
  let number = 0;
  const say = (line: string) => void stream.write(`${line}\n`);
  return {
    say,
    stage(stage) {
      const [title, why] = STAGES[stage];
      say(`\n${styleText(["bold", "cyan"], `${++number}. ${title}`, { stream })}\n   ${why}`);
      if (["before", "there", "back", "again", "after"].includes(stage)) view = liveView(stream);
    },
    endStage() {
      view?.end();
      view = undefined;
    },
    event: (event) => view?.event(event),
    progress(what, total) {
      return (done) => {
        if (stream.isTTY) stream.write(`\r   ${done} of ${total} ${what}${done === total ? "\n" : ""}`);
        else if (done === total) say(`   ${total} ${what}`);
      };
    },
    warn: (error) => say(`! ${error instanceof Error ? error.message : String(error)}`),
  };
}
