import type pg from "pg";
import type { Side } from "../../../services/chassis/src/ownership/standing.ts";
import { UserError } from "../../terminal/user-error.ts";
import { name } from "../database/home.ts";
import { whileCaughtUp } from "../database/position.ts";
import { other, readOwnership, readRows, type Homes } from "../database/ownership.ts";
import type { Context } from "../context.ts";
import type { EventSink } from "../events.ts";
import type { MovingModule } from "../module.ts";
import { differentAnswers } from "./answers.ts";

/** What was compared, and what differs. */
export interface Verified {
  tables: { table: string; rows: number; differences: Difference[] }[];
  /** Answers to the same GET. */
  answers: { compared: number; differences: string[] };
  /** Milliseconds for which writers had to wait. */
  stall: number;
}

export interface Difference {
  id: number;
  /** What is wrong with the row in the copy. */
  what: "is missing" | "is too many" | "differs";
}

/** Keys of one checksum. */
const RANGE = 10_000;
/** Things whose GET is compared. */
const SAMPLE = 50;
/** Differences that are listed of a table. */
const LISTED = 100;

/**
 * Compares the rows of a module on both sides at the same position of the replication: for a moment writers wait, both
 * sides take a snapshot, writers go on, and the snapshots are compared at leisure.
 */
export async function verify({ homes, urls }: Context, module: MovingModule, report: EventSink): Promise<Verified> {
  const begin = performance.now();
  const owner = await readOwnership(homes, module);
  const rows = await readRows(homes, module);
  if (owner === "nobody") throw new UserError(`Nobody owns ${module.name}: finish its handover first.`);
  if (!rows.monolith.linked || !rows.service.linked) {
    throw new UserError(`${module.name} is not prepared: npm run cutover -- prepare ${module.name}`);
  }
  const { stall, snapshots } = await snapshotsOf(homes, module, owner);
  try {
    const tables: Verified["tables"] = [];
    for (const table of module.tables) tables.push(await compare(snapshots, owner, table));
    const answers = await differentAnswers(urls, module, await someIds(snapshots[owner], module));
    report({
      ...{ type: "verified", module: module.name, answers: answers.compared, ms: performance.now() - begin },
      rows: tables.reduce((sum, { rows }) => sum + rows, 0),
      differences: [...tables.flatMap(inWords), ...answers.differences],
    });
    return { tables, answers, stall };
  } finally {
    await Promise.allSettled(Object.values(snapshots).map((client) => client.end()));
  }
}

/** The differences of a table as lines for people. */
const inWords = ({ table, differences }: Verified["tables"][number]): string[] =>
  differences.map(({ id, what }) => `row ${id} of ${table} ${what} in the copy`);

/** Ids from all over the module's main table, the oldest and the newest among them. */
async function someIds(client: pg.Client, { tables }: MovingModule): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    `SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS all FROM ${name(tables[0]!)}) rows
     WHERE n = 1 OR n = rows.all OR n % greatest(rows.all / ${SAMPLE}, 1) = 0 ORDER BY id LIMIT ${2 * SAMPLE}`,
  );
  return rows.map(({ id }) => id);
}

type Snapshots = Record<Side, pg.Client>;

async function snapshotsOf(homes: Homes, module: MovingModule, owner: Side) {
  const snapshots: Snapshots = { monolith: await homes.monolith.connect(), service: await homes.service.connect() };
  const stall = await whileCaughtUp(homes, module, other(owner), async (_lock, begin) => {
    for (const client of Object.values(snapshots)) {
      await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      // The first statement takes the snapshot.
      await client.query("SELECT FROM ownership");
    }
    return performance.now() - begin;
  });
  return { stall, snapshots };
}

/** Counts and checksums by ranges of keys; only where they differ, row by row. */
async function compare(snapshots: Snapshots, owner: Side, table: string) {
  const [mine, copy] = [snapshots[owner], snapshots[other(owner)]];
  const columns = await columnsOf(mine, table);
  const [ranges, copied] = await Promise.all([rangesOf(mine, table, columns), rangesOf(copy, table, columns)]);
  const suspects = [...new Set([...ranges.keys(), ...copied.keys()])].filter(
    (range) => ranges.get(range)?.checksum !== copied.get(range)?.checksum,
  );
  const differences: Difference[] = [];
  for (const range of suspects) {
    if (differences.length < LISTED) differences.push(...(await differencesIn(mine, copy, { table, columns, range })));
  }
  const rows = [...ranges.values()].reduce((sum, range) => sum + Number(range.count), 0);
  return { table, rows, differences: differences.slice(0, LISTED) };
}

/** Columns in the order of their names: the tables need not have been made alike. */
async function columnsOf(client: pg.Client, table: string): Promise<string> {
  const { rows } = await client.query<{ column: string }>(
    `SELECT column_name AS "column" FROM information_schema.columns
     WHERE table_schema = current_schema() AND table_name = $1 ORDER BY column_name`,
    [table],
  );
  return rows.map(({ column }) => name(column)).join(", ");
}

const checksum = (columns: string): string => `hashtextextended(ROW(${columns})::text, 0)`;

async function rangesOf(client: pg.Client, table: string, columns: string) {
  const { rows } = await client.query<{ range: string; count: string; checksum: string }>(
    `SELECT (id / ${RANGE})::text AS range, count(*) AS count, sum(${checksum(columns)}::numeric)::text AS checksum
     FROM ${name(table)} GROUP BY 1`,
  );
  return new Map(rows.map((row) => [row.range, row]));
}

async function differencesIn(
  mine: pg.Client,
  copy: pg.Client,
  { table, columns, range }: { table: string; columns: string; range: string },
): Promise<Difference[]> {
  const read = async (client: pg.Client) => {
    const { rows } = await client.query<{ id: number; checksum: string }>(
      `SELECT id, ${checksum(columns)}::text AS checksum FROM ${name(table)} WHERE id / ${RANGE} = $1::bigint ORDER BY id`,
      [range],
    );
    return new Map(rows.map(({ id, checksum }) => [id, checksum]));
  };
  const [wanted, found] = await Promise.all([read(mine), read(copy)]);
  const what = (id: number): Difference["what"] | undefined => {
    if (!found.has(id)) return "is missing";
    if (!wanted.has(id)) return "is too many";
    return wanted.get(id) === found.get(id) ? undefined : "differs";
  };
  return [...new Set([...wanted.keys(), ...found.keys()])]
    .toSorted((a, b) => a - b)
    .flatMap((id) => {
      const difference = what(id);
      return difference ? [{ id, what: difference }] : [];
    });
}
