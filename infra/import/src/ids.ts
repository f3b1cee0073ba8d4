import type { Database, Queryable } from "../../../services/chassis/src/database.ts";
import { UserError } from "../../terminal/user-error.ts";

/** What a source id is an id of. Comments become posts, but their ids are counted apart in a dump. */
export type Kind = "user" | "placeholder" | "thread" | "post" | "comment";

/** Makes one process at a time create the table; a pair, as single numbers lock rows of the modules. */
const LOCK = [7203, 2];

/**
 * Makes the table that remembers which row a source id became. It stands in the database of those rows, so that one
 * transaction writes both.
 * @throws UserError when a table of the forum is missing
 */
export async function prepare(database: Database, tables: string[]): Promise<void> {
  for (const table of tables) {
    const [found] = await database.query<{ there: boolean }>("SELECT to_regclass($1) IS NOT NULL AS there", [table]);
    if (!found?.there) {
      throw new UserError(`The database has no table "${table}" yet: start the forum once, which makes its tables.`);
    }
  }
  await database.transaction(async (tx) => {
    await tx.query("SELECT pg_advisory_xact_lock($1, $2)", LOCK);
    await tx.query("CREATE SCHEMA IF NOT EXISTS import");
    await tx.query(`CREATE TABLE IF NOT EXISTS import.ids (
      source text, kind text, source_id text, id bigint NOT NULL, PRIMARY KEY (source, kind, source_id))`);
  });
}

/** The ids of the rows that source ids became, for those that were imported. */
export async function idsOf(
  database: Queryable,
  source: string,
  kind: Kind,
  sourceIds: Iterable<string>,
): Promise<Map<string, number>> {
  const rows = await database.query<{ sourceId: string; id: number }>(
    `SELECT source_id AS "sourceId", id FROM import.ids WHERE source = $1 AND kind = $2 AND source_id = ANY($3)`,
    [source, kind, [...new Set(sourceIds)]],
  );
  return new Map(rows.map((row) => [row.sourceId, row.id]));
}

/** Rows for a table of the forum, with the source id of each. */
export interface NewRows {
  source: string;
  kind: Kind;
  table: "users" | "threads" | "posts";
  /** Columns with their SQL types. */
  columns: Record<string, "text" | "bigint" | "timestamptz">;
  rows: { sourceId: string; values: (string | number)[] }[];
}

/**
 * Inserts rows together with their source ids and gives how many. It is one statement, so both are stored or neither
 * is; a source id that is there already, also by an import that runs at this moment, is passed over with its row.
 */
export async function insertOnce(
  database: Queryable,
  { source, kind, table, columns, rows }: NewRows,
): Promise<number> {
  const names = Object.keys(columns);
  const arrays = Object.values(columns).map((type, i) => `$${i + 4}::${type}[]`);
  const inserted = await database.query(
    `WITH given AS (
       SELECT * FROM unnest($3::text[], ${arrays.join(", ")})
         WITH ORDINALITY AS given (source_id, ${names.join(", ")}, position)
     ), mapped AS (
       INSERT INTO import.ids (source, kind, source_id, id)
       SELECT $1, $2, source_id, nextval(pg_get_serial_sequence('${table}', 'id')) FROM given ORDER BY position
       ON CONFLICT DO NOTHING
       RETURNING source_id, id
     )
     INSERT INTO ${table} (id, ${names.join(", ")})
     SELECT mapped.id, ${names.map((name) => `given.${name}`).join(", ")} FROM mapped JOIN given USING (source_id)
     RETURNING id`,
    [source, kind, rows.map((row) => row.sourceId), ...names.map((_, i) => rows.map((row) => row.values[i]))],
  );
  return inserted.length;
}
