import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../terminal/user-error.ts";
import { name, type Home } from "../database/home.ts";
import {
  ensurePublication,
  ensureReader,
  ensureSlot,
  ensureSubscription,
  hasSubscription,
  linkName,
} from "../database/link.ts";
import { mark, whenReached } from "../database/position.ts";
import { readOwnership, readRows, setLinked, type Homes } from "../database/ownership.ts";
import type { MovingModule } from "../module.ts";
import type { EventSink } from "../events.ts";

/** What came of it. */
export interface Prepared {
  /** Rows that the initial copy has brought; 0 when there was a link already. */
  rows: number;
  /** Milliseconds of the copy. */
  ms: number;
}

/** Milliseconds between two looks at the copy, and for what follows it to arrive. */
const LOOK = 100;
const CATCH_UP = 60_000;

/**
 * Joins the two homes of a module: the monolith's rows are copied to the service, and from then on each side follows the
 * other. Can be repeated; what is there already stays.
 */
export async function prepare(homes: Homes, module: MovingModule, report: EventSink): Promise<Prepared> {
  const { monolith, service } = homes;
  const owner = await readOwnership(homes, module);
  const rows = await readRows(homes, module);
  if (rows.monolith.linked && rows.service.linked) return { rows: 0, ms: 0 };
  if (owner !== "monolith") {
    throw new UserError(`${module.name} has left the monolith for good: its copy there is no longer kept up to date.`);
  }

  const begin = performance.now();
  await monolith.query("INSERT INTO heartbeat VALUES ($1, now()) ON CONFLICT DO NOTHING", [module.name]);
  if (!(await hasSubscription(service, module))) await assertEmpty(service, module);
  // From now on the owner tells those who follow what they have to know.
  await setLinked(monolith, module, true);
  await ensurePublication(monolith, module);
  await ensureSlot(monolith, module, "service");
  await ensureSubscription(service, module, { connection: () => ensureReader(monolith, module), copy: true });
  const copied = await whenCopied(homes, module, report);
  const ms = performance.now() - begin;

  await seed(homes, module);
  await ensurePublication(service, module);
  await ensureSlot(service, module, "monolith");
  await ensureSubscription(monolith, module, { connection: () => ensureReader(service, module), copy: false });
  await whenReached(homes, module, { follower: "service", position: await mark(monolith, module), patience: CATCH_UP });
  await setLinked(service, module, true);
  return { rows: copied, ms };
}

/** A copy can only begin in empty tables. @throws UserError */
async function assertEmpty(service: Home, module: MovingModule): Promise<void> {
  await service.query("DELETE FROM heartbeat WHERE module = $1", [module.name]);
  for (const table of module.tables) {
    const [row] = await service.query(`SELECT FROM ${name(table)} LIMIT 1`);
    if (!row) continue;
    throw new UserError(
      `The table ${table} of the ${module.name} service is not empty, although the service does not own it and follows ` +
        "nobody. Look what is in it, and empty it: the monolith's rows are copied there.",
    );
  }
}

/** Waits for the initial copy of every table and tells how far it is; gives the number of rows. */
async function whenCopied({ monolith, service }: Homes, module: MovingModule, report: EventSink): Promise<number> {
  const total = await countOf(monolith, module);
  for (;;) {
    const [state] = await service.query<{ ready: boolean }>(
      `SELECT bool_and(srsubstate = 'r') AS ready FROM pg_subscription_rel JOIN pg_subscription ON oid = srsubid
       WHERE subname = $1 AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      [linkName(module)],
    );
    if (state?.ready) break;
    const [copy] = await service.query<{ rows: number }>(
      "SELECT coalesce(sum(tuples_processed), 0)::bigint AS rows FROM pg_stat_progress_copy WHERE datname = current_database()",
    );
    report({ type: "progress", module: module.name, rows: copy?.rows ?? 0, total });
    await sleep(LOOK);
  }
  const rows = await countOf(service, module);
  report({ type: "progress", module: module.name, rows, total: rows });
  return rows;
}

async function countOf(home: Home, { tables }: MovingModule): Promise<number> {
  const counts = await Promise.all(
    tables.map((table) => home.query<{ count: number }>(`SELECT count(*) FROM ${name(table)}`)),
  );
  return counts.reduce((sum, [row]) => sum + (row?.count ?? 0), 0);
}

/** Brings what a service has to know beside the rows of its module. */
async function seed({ monolith, service }: Homes, { seeds }: MovingModule): Promise<void> {
  for (const { table, query } of seeds) {
    const rows = await monolith.query<Record<string, unknown>>(query);
    for (const row of rows) {
      const values = Object.values(row);
      const places = values.map((_, index) => `$${index + 1}`).join(", ");
      await service.query(`INSERT INTO ${name(table)} VALUES (${places}) ON CONFLICT DO NOTHING`, values);
    }
  }
}
