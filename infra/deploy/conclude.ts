import { assertDone, endingOfRun } from "./apply.ts";
import type { Send } from "./ask.ts";
import { endingOf, messageOf } from "./ending.ts";
import { explanations } from "./explanations.ts";
import { decide } from "./interrupt.ts";
import type { Attributes, ResourceId } from "./reference.ts";
import type { Resource } from "./resource.ts";
import type { Outcome } from "./run/run.ts";

/** What is known after a run, and how it is told. */
interface Around {
  wanted: readonly Resource[];
  known: ReadonlyMap<ResourceId, Attributes>;
  /** Whether a program reads the end on stdout. */
  json?: boolean | undefined;
}

/**
 * What follows a run: asks what becomes of roll-outs that nobody waits for any longer, and tells on stderr why others failed.
 * @throws UserError unless everything was done
 */
export async function conclude(send: Send, outcome: Outcome, { wanted, known, json }: Around): Promise<void> {
  const decided = await decide(send, outcome, wanted);
  for (const line of await explanations(send, outcome, wanted, known)) console.error(line);
  const ending = endingOfRun(decided);
  if (ending && json) console.log(JSON.stringify({ ending, ...forPrograms(decided) }, null, 2));
  assertDone(decided, "run the same command again");
}

const forPrograms = ({ done, failed, skipped }: Outcome) => ({
  done: done.map(({ id }) => id),
  failed: failed.map(({ change, error }) => ({ id: change.id, ending: endingOf(error), message: messageOf(error) })),
  skipped: skipped.map(({ id }) => id),
});
