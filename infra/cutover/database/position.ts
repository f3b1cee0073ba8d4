/** How far one side of a link is behind the other. */
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { UserError } from "../../terminal/user-error.ts";
import type { MovingModule } from "../module.ts";
import type { Home } from "./home.ts";
import { slotName } from "./link.ts";
import { other, whileWritersWait, type Homes } from "./ownership.ts";
import type { Side } from "../../../services/chassis/src/ownership/standing.ts";

/** Milliseconds between two looks. */
const PAUSE = 3;

/**
 * Writes a heartbeat and gives the position in the write-ahead log behind it: who has got that far has everything that
 * was committed before. The commit of the heartbeat makes sure that the log is written so far, and that there is
 * something to confirm.
 */
export async function mark(home: Home, module: MovingModule): Promise<string> {
  await home.query("UPDATE heartbeat SET at = clock_timestamp() WHERE module = $1", [module.name]);
  const [row] = await home.query<{ position: string }>("SELECT pg_current_wal_flush_lsn()::text AS position");
  return row!.position;
}

/** Waits until `follower` has stored everything up to a position. @throws UserError after `patience` milliseconds */
export async function whenReached(
  homes: Homes,
  module: MovingModule,
  { follower, position, patience }: { follower: Side; position: string; patience: number },
): Promise<void> {
  const source = homes[other(follower)];
  const slot = slotName(module, follower);
  for (const deadline = performance.now() + patience; ;) {
    const [row] = await source.query<{ reached: boolean; active: boolean }>(
      "SELECT confirmed_flush_lsn >= $2::pg_lsn AS reached, active FROM pg_replication_slots WHERE slot_name = $1",
      [slot, position],
    );
    if (row?.reached) return;
    if (performance.now() > deadline) throw notReached(module, follower, row, patience);
    await sleep(PAUSE);
  }
}

/** The follower has not stored everything in time. */
class NotReached extends UserError {}

function notReached(module: MovingModule, follower: Side, row: { active: boolean } | undefined, patience: number) {
  const reason = !row
    ? `the slot ${slotName(module, follower)} is gone`
    : row.active
      ? "it is behind"
      : "nobody reads the slot: see the log of the database server of the follower";
  return new NotReached(
    `The ${follower} did not get everything of ${module.name} within ${patience / 1000} s: ${reason}. ` +
      "Nothing was changed; run the same command again when the replication has caught up.",
  );
}

/** Milliseconds in which a follower must have caught up while nobody waits for it. */
export const PATIENCE = 30_000;
/** Milliseconds for which writers may wait for it: who does not get there lets them go on, and tries again. */
const TRIES = [250, 500, 1000, 2000];

/**
 * Does `work` while the follower has everything that the owner has, and writers wait.
 * @param work gets the connection that holds the lock, and when writers began to wait (`performance.now()`)
 * @throws UserError when the follower does not catch up; nothing has been done then
 */
export async function whileCaughtUp<T>(
  homes: Homes,
  module: MovingModule,
  follower: Side,
  work: (lock: pg.Client, begin: number) => Promise<T>,
): Promise<T> {
  const owner = homes[other(follower)];
  const reach = async (patience: number) =>
    whenReached(homes, module, { follower, position: await mark(owner, module), patience });
  for (const [index, patience] of TRIES.entries()) {
    await reach(PATIENCE);
    const begin = performance.now();
    try {
      return await whileWritersWait(owner, module, async (lock) => {
        await reach(patience);
        return work(lock, begin);
      });
    } catch (error) {
      if (!(error instanceof NotReached) || index === TRIES.length - 1) throw error;
    }
  }
  throw new Error("unreachable");
}
