import type { Side } from "../../../services/chassis/src/ownership/standing.ts";
import { name, type Home } from "../database/home.ts";
import { hasSubscription, slotName } from "../database/link.ts";
import { other, ownershipOf, readRows, type Homes, type Ownership } from "../database/ownership.ts";
import type { MovingModule } from "../module.ts";

/** How one side follows the other. */
export interface Following {
  /** Whether the worker that stores what comes is alive. */
  active: boolean;
  /** Bytes of the write-ahead log that were written but not yet confirmed. */
  lag: number;
  /** Bytes of the write-ahead log that the slot makes the server keep. */
  held: number;
}

export interface ModuleStatus {
  module: string;
  owner: Ownership;
  linked: boolean;
  /** By who follows; none where nothing is replicated. */
  following: Partial<Record<Side, Following>>;
  /** Seconds by which the copy is behind: age of the last heartbeat that has arrived there. */
  seconds?: number;
  rows: Record<Side, number>;
  warnings: string[];
}

/** Bytes of log that a slot may hold before somebody is told. */
const MUCH = 64 * 1024 * 1024;

/** Reads how a module stands; changes nothing. */
export async function statusOf(homes: Homes, module: MovingModule): Promise<ModuleStatus> {
  const rows = await readRows(homes, module);
  const owner = ownershipOf(rows);
  const linked = rows.monolith.linked && rows.service.linked;
  const sides = await Promise.all(
    (["monolith", "service"] as const).map(async (side) => [side, await followingOf(homes, module, side)] as const),
  );
  const following = Object.fromEntries(sides.filter(([, one]) => one));
  const copy = owner === "service" ? homes.monolith : homes.service;
  const counts = await Promise.all([countOf(homes.monolith, module), countOf(homes.service, module)]);
  return {
    ...{ module: module.name, owner, linked, following },
    ...(linked && { seconds: await ageOf(copy, module) }),
    rows: { monolith: counts[0], service: counts[1] },
    warnings: warningsOf(module, owner, linked, following),
  };
}

async function followingOf(homes: Homes, module: MovingModule, follower: Side): Promise<Following | undefined> {
  const [slot] = await homes[other(follower)].query<Following>(
    `SELECT active, pg_wal_lsn_diff(pg_current_wal_flush_lsn(), confirmed_flush_lsn)::bigint AS lag,
       pg_wal_lsn_diff(pg_current_wal_flush_lsn(), restart_lsn)::bigint AS held
     FROM pg_replication_slots WHERE slot_name = $1`,
    [slotName(module, follower)],
  );
  if (!slot && !(await hasSubscription(homes[follower], module))) return undefined;
  return slot ?? { active: false, lag: 0, held: 0 };
}

async function ageOf(home: Home, module: MovingModule): Promise<number> {
  const [row] = await home.query<{ seconds: string }>(
    "SELECT round(extract(epoch FROM clock_timestamp() - at)::numeric, 2)::text AS seconds FROM heartbeat WHERE module = $1",
    [module.name],
  );
  return Math.max(0, Number(row?.seconds ?? 0));
}

/** Rows of the module's first table, which is what it is about. */
async function countOf(home: Home, { tables }: MovingModule): Promise<number> {
  const [row] = await home.query<{ count: number }>(`SELECT count(*) FROM ${name(tables[0]!)}`);
  return row?.count ?? 0;
}

function warningsOf(
  module: MovingModule,
  owner: Ownership,
  linked: boolean,
  following: Partial<Record<Side, Following>>,
): string[] {
  const warnings: string[] = [];
  for (const [follower, { active, held }] of Object.entries(following)) {
    const slot = slotName(module, follower as Side);
    if (!active) warnings.push(`the ${follower} does not follow: nobody reads the slot ${slot}`);
    if (held > MUCH) warnings.push(`the slot ${slot} holds ${Math.round(held / 1024 / 1024)} MB of log on the disk`);
  }
  if (owner === "nobody") warnings.unshift("nobody owns it: writes get 503 until the handover is run again");
  if (!linked && Object.keys(following).length > 0) warnings.push("it is prepared halfway: run prepare, or retire");
  return warnings;
}
