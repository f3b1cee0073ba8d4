import type { Side } from "../../../services/chassis/src/ownership/standing.ts";
import { UserError } from "../../terminal/user-error.ts";
import type { Home } from "../database/home.ts";
import { mark, PATIENCE, whenReached, whileCaughtUp } from "../database/position.ts";
import { other, readOwnership, readRows, whenKnownToMove, type Homes } from "../database/ownership.ts";
import type { MovingModule } from "../module.ts";
import type { EventSink } from "../events.ts";

export interface HandedOver {
  /** Whether the module was there already. */
  done: boolean;
  /** Milliseconds for which writers had to wait. */
  stall: number;
}

/**
 * Moves the ownership of a module in one transaction of the owner: writers wait, the follower gets the rest, the owner
 * closes; then the other side opens. Between closing and opening nobody owns the module; a run that dies there is
 * finished by the next one.
 */
export async function handover(
  homes: Homes,
  module: MovingModule,
  { to }: { to: Side },
  report: EventSink,
): Promise<HandedOver> {
  const ownership = await readOwnership(homes, module);
  if (ownership === to) return { done: true, stall: 0 };
  const rows = await readRows(homes, module);
  if (!rows.monolith.linked || !rows.service.linked) {
    throw new UserError(`${module.name} is not prepared: npm run cutover -- prepare ${module.name}`);
  }
  await whenKnownToMove(homes, module);
  const stall = ownership === "nobody" ? await finish(homes, module, to) : await move(homes, module, to);
  report({ type: "handover", module: module.name, to, stall });
  return { done: false, stall };
}

async function move(homes: Homes, module: MovingModule, to: Side): Promise<number> {
  const from = homes[other(to)];
  const sequences = await sequencesOf(from, module);
  const stopped = await whileCaughtUp(homes, module, to, async (lock, begin) => {
    await advanceSequences(from, homes[to], sequences);
    await lock.query("UPDATE ownership SET owner = $2 WHERE module = $1", [module.name, to]);
    return begin;
  });
  await open(homes[to], module);
  return performance.now() - stopped;
}

/** Nobody owns the module, so nobody writes, and either side may have it as soon as it has everything of the other. */
async function finish(homes: Homes, module: MovingModule, to: Side): Promise<number> {
  const begin = performance.now();
  const from = homes[other(to)];
  await whenReached(homes, module, { follower: to, position: await mark(from, module), patience: PATIENCE });
  await advanceSequences(from, homes[to], await sequencesOf(from, module));
  await open(homes[to], module);
  return performance.now() - begin;
}

const open = (home: Home, module: MovingModule): Promise<unknown> =>
  home.query("UPDATE ownership SET owner = $2 WHERE module = $1", [module.name, home.side]);

async function sequencesOf(home: Home, { tables }: MovingModule): Promise<string[]> {
  const rows = await home.query<{ sequence: string | null }>(
    `SELECT pg_get_serial_sequence(quote_ident(table_name), column_name) AS sequence
     FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ANY($1)`,
    [tables],
  );
  return rows.flatMap(({ sequence }) => sequence ?? []);
}

/** Replication leaves sequences alone: an id that was given on one side must not be given again on the other. */
async function advanceSequences(from: Home, to: Home, sequences: string[]): Promise<void> {
  for (const sequence of sequences) {
    const [last] = await from.query<{ value: number; called: boolean }>(
      `SELECT last_value AS value, is_called AS called FROM ${sequence}`,
    );
    if (last?.called) {
      await to.query(`SELECT setval($1, greatest($2, last_value)) FROM ${sequence}`, [sequence, last.value]);
    }
  }
}
