import assert from "node:assert/strict";
import { check, type CheckOptions } from "./checker/checker.ts";
import { inWords, tell } from "./checker/violations.ts";
import { startClients } from "./clients.ts";
import { finalState, rowsIn } from "./final-state.ts";
import { openHistory, recordPast, requestsOf, type Operation, type Outcome } from "./history.ts";
import type { MovingForum } from "./moving-forum.ts";
import { httpSession } from "./transport.ts";

export interface TrialOptions extends CheckOptions {
  name: string;
  seed: number;
  clients?: number;
  pause?: number;
}

/** What a trial came to. */
export interface Trial {
  requests: Operation[];
  /** Requests that were neither done nor refused for a good reason. */
  failed: Operation[];
}

/**
 * Runs `work` while clients use the forum, then judges everything they were told. Prints a line of figures.
 * @param work gives milliseconds for which writers had to wait at handovers
 */
export async function trial(
  forum: MovingForum,
  { name, seed, clients, pause, ...promises }: TrialOptions,
  work: () => Promise<number[]>,
): Promise<Trial> {
  const history = openHistory();
  recordPast(history, await rowsIn(forum.postgres, "monolith"));
  const load = await startClients({
    ...{ connect: () => httpSession(forum.url), moderator: forum.moderator, seed, history },
    people: forum.people,
    ...(clients !== undefined && { clients }),
    ...(pause !== undefined && { pause }),
  });
  const begin = performance.now();
  const stalls = await work().finally(async () => (forum.people = await load.stop()));
  const seconds = (performance.now() - begin) / 1000;
  const { operations } = history;
  const final = await finalState(forum);
  const violations = check(operations, final, promises);

  const requests = requestsOf(history);
  const failed = requests.filter(hasFailed);
  const slowest = Math.max(...requests.filter(isQuickWrite).map(({ invoked, completed }) => completed - invoked));
  console.log(
    [
      `${name} (seed ${seed}): ${requests.length} requests in ${seconds.toFixed(1)} s, ${failed.length} failed`,
      `longest write ${Math.round(slowest)} ms`,
      ...(stalls.length > 0 ? [`handovers ${stalls.map((ms) => Math.round(ms)).join(" ")} ms`] : []),
      `${violations.length} violations`,
    ].join(", "),
  );
  assert.equal(violations.length, 0, inWords(violations, operations));
  return { requests, failed };
}

/** Asserts that requests have failed in these ways only; without any, that none has. */
export function assertOnlyFailed({ requests, failed }: Trial, allowed: Outcome[]): void {
  const begin = requests[0]?.invoked ?? 0;
  const others = failed.filter(({ outcome }) => !allowed.includes(outcome));
  const lines = others.slice(0, 10).map((operation) => tell(operation, begin));
  assert.equal(others.length, 0, `${others.length} requests failed:\n${lines.join("\n")}`);
}

/** A 404 may be right, for what is deleted meanwhile: the checker knows. Nothing else has a reason. */
const hasFailed = ({ outcome, answer }: Operation): boolean => outcome !== "acknowledged" && answer !== 404;

/** A write that was acknowledged and has no password in it, which costs time of its own. */
const isQuickWrite = ({ kind, module, outcome }: Operation): boolean =>
  outcome === "acknowledged" && (kind === "change" || kind === "delete" || (kind === "create" && module !== "users"));
