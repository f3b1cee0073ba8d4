import { EXIT_CODES, endingOf } from "./ending.ts";
import type { Aws } from "./clients.ts";
import { progressLines } from "./output/progress.ts";
import type { Change } from "./plan/change.ts";
import type { Attributes, ResourceId } from "./reference.ts";
import { run, type Outcome } from "./run/run.ts";
import { UserError } from "./user-error.ts";

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
    stop.abort();
  };
  process.once("SIGINT", onSignal);
  try {
    const progress = progressLines((line) => console.error(line));
    return await run(changes, { send, known, progress, signal: stop.signal, ...(pace !== undefined && { pace }) });
  } finally {
    process.off("SIGINT", onSignal);
  }
}

/** @throws UserError that says what failed and why, and what to do, unless everything was done */
export function assertDone({ failed, skipped }: Outcome, again: string): void {
  if (failed.length === 0 && skipped.length === 0) return;
  const reasons = failed.map(({ change, error }) => `  ${change.id} ${endingOf(error)}: ${error.message}`);
  const endings = failed.map(({ error }) => endingOf(error));
  const worst = (["failed", "timed out", "rolled back"] as const).find((one) => endings.includes(one)) ?? "failed";
  throw new UserError(
    [
      `${failed.length} did not end well, and ${skipped.length} that come after were not begun:`,
      ...reasons,
      `What was done stays. When the cause is gone, go on from here: ${again}`,
    ].join("\n"),
    EXIT_CODES[worst],
  );
}
