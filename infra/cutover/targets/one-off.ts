/**
 * How a one-off task tells what a step does, when this is done elsewhere: lines of JSON, the last of which is the result
 * or why there is none.
 */
import { UserError } from "../../terminal/user-error.ts";
import type { CutoverEvent, EventSink } from "../events.ts";

export type Line = { event: CutoverEvent } | { result: unknown } | { error: string; exitCode: number };

/** What a task that serves is told: to do something, or to end it. */
export type Order = { id: number } & ({ args: string[] } | { stop: true });

/** The result of `work` and everything that it reports, as lines. A bug is thrown on: its stack belongs into a log. */
export async function tell(print: (line: Line) => void, work: (report: EventSink) => Promise<unknown>): Promise<void> {
  try {
    const result = await work((event) => print({ event: { at: Date.now(), ...event } }));
    print({ result });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    print({ error: error.message, exitCode: error.exitCode });
  }
}

/** Reads the lines of a task; those of others are passed over. */
export function listener(report: EventSink) {
  let end: Exclude<Line, { event: CutoverEvent }> | undefined;
  return {
    hear(text: string): void {
      const line = parse(text);
      if (!line) return;
      if ("event" in line) report(line.event);
      else end = line;
    },
    /** What came of it; undefined when the task ended without a word about it. @throws UserError that the task has told */
    end(): { result: unknown } | undefined {
      if (end && "error" in end) throw new UserError(end.error, end.exitCode);
      return end;
    },
  };
}

/** A line of a task; undefined for what others print, such as warnings of Node. */
export function parse(text: string): (Line & { id?: number }) | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}
