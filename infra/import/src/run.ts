import type { Database } from "../../../services/chassis/src/database.ts";
import { idsOf, type Kind } from "./ids.ts";
import { sourceId } from "./row.ts";
import type { Counts } from "./summary.ts";
import type { Row } from "./xml.ts";

/** Where the rows of each module go: three databases, or thrice the same one. */
export interface Databases {
  users: Database;
  threads: Database;
  posts: Database;
}

/** One import under way. */
export interface Run {
  /** Name of the dump. */
  source: string;
  databases: Databases;
  counts: Counts;
}

/** The rows that were not imported before, each source id once. */
export async function newRows(run: Run, database: Database, kind: Kind, rows: Row[]): Promise<Row[]> {
  const byId = new Map(rows.map((row) => [sourceId(row, "Id"), row]));
  const known = await idsOf(database, run.source, kind, byId.keys());
  return [...byId].filter(([id]) => !known.has(id)).map(([, row]) => row);
}
