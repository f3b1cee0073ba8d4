import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { RELIABLE, type Side } from "../../../services/chassis/src/ownership/standing.ts";
import { UserError } from "../../terminal/user-error.ts";
import type { MovingModule } from "../module.ts";
import type { Home } from "./home.ts";

/** What the row of one side says. */
export interface Row {
  owner: Side;
  linked: boolean;
}

/** Both homes of a module. */
export type Homes = Record<Side, Home>;

/** Who owns a module when the rows of both sides are put together. */
export type Ownership =
  | Side
  /** A handover was interrupted between closing one side and opening the other. */
  | "nobody"
  /** Each side is a world of its own: nothing ever joined them. */
  | "apart";

export const other = (side: Side): Side => (side === "monolith" ? "service" : "monolith");

async function readRow(home: Home, module: MovingModule): Promise<Row> {
  const [row] = await home.query<Row>("SELECT owner, linked FROM ownership WHERE module = $1", [module.name]);
  if (row) return row;
  throw new UserError(`The database of the ${home.side} does not know ${module.name} yet: start it first.`);
}

export async function readRows(homes: Homes, module: MovingModule): Promise<Record<Side, Row>> {
  const [monolith, service] = await Promise.all([readRow(homes.monolith, module), readRow(homes.service, module)]);
  return { monolith, service };
}

/** Puts both rows together. A side's word counts for itself alone: it owns the module when its own row says so. */
export function ownershipOf({ monolith, service }: Record<Side, Row>): Ownership {
  const [inMonolith, inService] = [monolith.owner === "monolith", service.owner === "service"];
  if (inMonolith && inService) return "apart";
  if (!inMonolith && !inService) return "nobody";
  return inMonolith ? "monolith" : "service";
}

/** The two rows as a module that can move has them. @throws UserError for two worlds that nothing ever joined */
export async function readOwnership(homes: Homes, module: MovingModule): Promise<Exclude<Ownership, "apart">> {
  const ownership = ownershipOf(await readRows(homes, module));
  if (ownership !== "apart") return ownership;
  throw new UserError(
    `The monolith and the ${module.name} service each own their ${module.name}: they are two worlds side by side. ` +
      "A move begins with everything in the monolith: npm start -- --owner monolith --fresh, " +
      "or FIRST_OWNER=monolith docker compose up --wait with new volumes.",
  );
}

export async function setLinked(home: Home, module: MovingModule, linked: boolean): Promise<void> {
  await home.query(
    "UPDATE ownership SET linked = $2, linked_at = clock_timestamp() WHERE module = $1 AND linked <> $2",
    [module.name, linked],
  );
}

/**
 * Waits until every task knows that its module may move. Before that, some may still answer reads without asking who
 * owns it: they look at the row only now and then.
 */
export async function whenKnownToMove(homes: Homes, module: MovingModule): Promise<void> {
  const ages = await Promise.all(
    [homes.monolith, homes.service].map((home) =>
      home.query<{ age: number }>(
        "SELECT (extract(epoch FROM clock_timestamp() - linked_at) * 1000)::bigint AS age FROM ownership WHERE module = $1",
        [module.name],
      ),
    ),
  );
  const youngest = Math.min(...ages.map(([row]) => row?.age ?? 0));
  await sleep(Math.max(0, 2 * RELIABLE - youngest));
}

/** Milliseconds that a lock may be waited for, and that the server lets it be held without a word from here. */
const LOCK_TIMEOUT = 5000;
const SILENCE = 5000;

/**
 * Stops the writers of a module: waits until those under way have ended, lets new ones wait, and does `work` meanwhile.
 * What `work` does on the connection is committed; after any failure, or the death of this program, the row is free and
 * as it was.
 */
export async function whileWritersWait<T>(
  home: Home,
  module: MovingModule,
  work: (lock: pg.Client) => Promise<T>,
): Promise<T> {
  const lock = await home.connect();
  try {
    await lock.query(`SET idle_in_transaction_session_timeout = ${SILENCE}; SET lock_timeout = ${LOCK_TIMEOUT}; BEGIN`);
    const { rows } = await lock.query<Row>("SELECT owner FROM ownership WHERE module = $1 FOR UPDATE", [module.name]);
    if (rows[0]?.owner !== home.side) throw new UserError(`${module.name} has left the ${home.side} meanwhile.`);
    const result = await work(lock);
    await lock.query("COMMIT");
    return result;
  } finally {
    // Without a commit this is a rollback.
    await lock.end().catch(() => {});
  }
}
