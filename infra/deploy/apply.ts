import { UserError } from "../terminal/user-error.ts";
import { EXIT_CODES, EndingError, endingOf, messageOf, worstOf, type Ending } from "./ending.ts";
import type { Aws } from "./clients.ts";
import { progressLines } from "./output/progress.ts";
import type { Change } from "./plan/change.ts";
import type { Attributes, ResourceId } from "./reference.ts";
import { run, type Outcome } from "./run/run.ts";

/** Runs the changes and tells of them on stderr. Ctrl-C begins nothing more; a second one ends the process. */
export async function apply(
  { send }: Pick<Aws, "send">,
  changes: readonly Change[],
  known: Map<ResourceId, Attributes>,
  pace?: number,
): Promise<Outcome> {
  const stop = new AbortController();
  const onSignal = () => {
    console.error("Stopping: what is under way ends, nothing more is begun. Once more ends at once.");
    stop.abort(new EndingError("interrupted", "nobody waits for it any longer; what AWS was told goes on"));
  };
  process.once("SIGINT", onSignal);
  try {
    const progress = progressLines((line) => console.error(line));
    return await run(changes, { send, known, progress, signal: stop.signal, ...(pace !== undefined && { pace }) });
  } finally {
    process.off("SIGINT", onSignal);
  }
}

/** The word for a run in which not everything was done; undefined where it was. */
export function endingOfRun({ failed, skipped }: Outcome): Ending | undefined {
  if (failed.length === 0 && skipped.length === 0) return undefined;
  return worstOf(failed.map(({ error }) => endingOf(error)));
}

/** @throws UserError that says what failed and why, and what to do, unless everything was done */
export function assertDone(outcome: Outcome, again: string): void {
  const ending = endingOfRun(outcome);
  if (!ending) return;
  const { failed, skipped } = outcome;
  const reasons = failed.map(({ change, error }) => `  ${change.id} ${endingOf(error)}: ${messageOf(error)}`);
  throw new UserError(
    [
      `${failed.length} did not end well, and ${skipped.length} that come after were not begun:`,
      ...reasons,
      `What was done stays. To go on from here, when the cause is gone: ${again}`,
    ].join("\n"),
    EXIT_CODES[ending],
  );
}
