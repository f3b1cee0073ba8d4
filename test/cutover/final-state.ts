/** What is there at the end: in both databases of each module, and in the answers of both sides. */
import assert from "node:assert/strict";
import { serviceNamed } from "../../infra/forum.ts";
import { eventually } from "../support/eventually.ts";
import type { TestPostgres } from "../support/forum.ts";
import type { FinalState, View } from "./checker/checker.ts";
import { MODULES, now, type Module, type Row } from "./history.ts";
import { rowsOf } from "./rows.ts";
import { httpSession } from "./transport.ts";

export interface Places {
  postgres: TestPostgres;
  /** The addresses of the processes themselves. */
  serviceUrl: (name: string) => string;
}

/** As the API writes a moment. */
const moment = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const SELECTS: Record<Module, string> = {
  users: `SELECT id::int, username, name, bio, ${moment("created_at")} AS "createdAt" FROM users`,
  threads: `SELECT id::int, title, created_by::int AS "createdBy", ${moment("created_at")} AS "createdAt" FROM threads`,
  posts: `SELECT id::int, thread_id::int AS thread, user_id::int AS "user", text, ${moment("created_at")} AS "createdAt"
    FROM posts`,
};

/** All rows in the databases of one side, in the order of lists. */
export async function rowsIn(postgres: TestPostgres, side: "monolith" | "service"): Promise<Record<Module, Row[]>> {
  const of = async (module: Module) => {
    const database = side === "monolith" ? side : module;
    return rowsOf(module, await postgres.query(database, `${SELECTS[module]} ORDER BY created_at, id`));
  };
  return { users: await of("users"), threads: await of("threads"), posts: await of("posts") };
}

/** All rows that one side's processes show, page by page. */
async function rowsFrom(serviceUrl: Places["serviceUrl"], side: "monolith" | "service", modules: readonly Module[]) {
  const of = async (module: Module): Promise<Row[]> => {
    const session = httpSession(serviceUrl(side === "monolith" ? side : module));
    const rows: Row[] = [];
    for (let path: string | undefined = `/api/${module}?limit=100`; path !== undefined;) {
      const { status, headers, body } = await session.call({ method: "GET", path });
      assert.equal(status, 200, JSON.stringify(body));
      rows.push(...rowsOf(module, body));
      path = /^<(.*)>/.exec(String(headers["link"] ?? ""))?.[1];
    }
    return rows;
  };
  const all = await Promise.all(modules.map(async (module) => [module, await of(module)] as const));
  return Object.fromEntries(all) as View["rows"];
}

/** Waits until nothing is on its way any more, then reads everything. */
export async function finalState({ postgres, serviceUrl }: Places): Promise<FinalState> {
  const owners = new Map<Module, "monolith" | "service">();
  const linked: Module[] = [];
  for (const module of MODULES) {
    const [row] = await postgres.query<{ owner: "monolith" | "service"; linked: boolean }>(
      "monolith",
      "SELECT owner, linked FROM ownership WHERE module = $1",
      [module],
    );
    owners.set(module, row!.owner);
    if (row!.linked) linked.push(module);
  }
  await eventually(() => nothingIsDue(postgres), PATIENCE);
  // What still differs when patience is at its end is for the checker to tell.
  await eventually(async () => assert.deepEqual(await differentRows(postgres, linked), []), PATIENCE).catch(() => {});

  const at = now();
  const [monolith, service] = [await rowsIn(postgres, "monolith"), await rowsIn(postgres, "service")];
  const sides = { monolith, service };
  const owned = MODULES.map((module) => [module, sides[owners.get(module)!][module]] as const);
  const bySide = (name: string, rows: View["rows"]): View => ({
    name,
    rows: Object.fromEntries(linked.map((module) => [module, rows[module]!])),
  });
  const views: View[] = [
    { name: "the owners' databases", rows: Object.fromEntries(owned) },
    bySide("the monolith's database", monolith),
    bySide("the services' databases", service),
    { name: "the monolith's answers", rows: await rowsFrom(serviceUrl, "monolith", MODULES) },
    { name: "the services' answers", rows: await rowsFrom(serviceUrl, "service", MODULES) },
  ];
  const faults = [
    ...(await differentRows(postgres, linked)).map((words) => ({ rule: "sides differ" as const, words })),
    ...(await danglingKeys(postgres)).map((words) => ({ rule: "foreign key" as const, words })),
  ];
  return { at, views, faults };
}

/** Milliseconds for events and replication to arrive. */
const PATIENCE = 15_000;

/** Asserts that every event has been delivered. */
async function nothingIsDue(postgres: TestPostgres): Promise<void> {
  for (const database of ["monolith", "users", "threads"]) {
    assert.deepEqual(await postgres.query(database, "SELECT * FROM outbox"), [], `outbox of ${database}`);
  }
}

/** Rows of the modules' tables, in every column, that are not the same on both sides; in words. */
async function differentRows(postgres: TestPostgres, modules: readonly Module[]): Promise<string[]> {
  const differences: string[] = [];
  for (const module of modules) {
    for (const table of serviceNamed(module).tables) {
      const [one, other] = [await textsOf(postgres, "monolith", table), await textsOf(postgres, module, table)];
      for (const row of one.difference(other)) differences.push(`only the monolith's ${table} have ${row}`);
      for (const row of other.difference(one)) differences.push(`only the service's ${table} have ${row}`);
    }
  }
  return differences;
}

/** Every row of a table of infra/forum.ts as a text that is the same for the same row. */
async function textsOf(postgres: TestPostgres, database: string, table: string): Promise<Set<string>> {
  const rows = await postgres.query<{ row: string }>(database, `SELECT to_jsonb(t)::text AS row FROM ${table} t`);
  return new Set(rows.map(({ row }) => row));
}

/** Foreign keys of the monolith's database that lead nowhere: replication does not check them. */
async function danglingKeys(postgres: TestPostgres): Promise<string[]> {
  const keys = await postgres.query<{ table: string; column: string; target: string }>(
    "monolith",
    `SELECT conrelid::regclass::text AS "table", attname AS "column", confrelid::regclass::text AS target
     FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1] WHERE contype = 'f'`,
  );
  assert.equal(keys.length, 3, "the monolith has three foreign keys");
  const dangling = await Promise.all(
    keys.map(async ({ table, column, target }) => {
      const query = `SELECT id, ${column} AS key FROM ${table} WHERE ${column} NOT IN (SELECT id FROM ${target})`;
      const rows = await postgres.query<{ id: string; key: string }>("monolith", query);
      return rows.map(({ id, key }) => `the monolith's ${table} ${id} refer to ${target} ${key}, which are not there`);
    }),
  );
  return dangling.flat();
}
