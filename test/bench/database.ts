import { execa } from "execa";
import path from "node:path";
import type pg from "pg";
import { forum, serviceNamed } from "../../infra/forum.ts";
import { ensureDatabases } from "../../infra/tasks/src/databases.ts";
import { startTestPostgres } from "../support/forum.ts";

/** How many rows of each kind; a thread has as many posts as any other. */
export interface Amounts {
  users: number;
  threads: number;
  posts: number;
}

export interface BenchDatabase {
  /** Address of a service's database, or of one more of its kind that `fill` has made. */
  url(database: string): string;
  /** Makes a service's tables in `database`, if need be the database too, and fills them. */
  fill(service: string, amounts: Amounts, database?: string): Promise<void>;
  query<Row extends pg.QueryResultRow>(database: string, text: string): Promise<Row[]>;
  stop(): Promise<void>;
}

const root = path.resolve(import.meta.dirname, "../..");

/** A PostgreSQL server of its own in a temporary folder, set as `npm start` sets it: commits wait for the disk. */
export async function startDatabase(): Promise<BenchDatabase> {
  const { server, url, query, remove } = await startTestPostgres();
  return {
    url,
    query: (database, text) => query(database, text),
    async fill(service, amounts, database = service) {
      await ensureDatabases(server.adminUrl, [{ name: database, password: new URL(server.adminUrl).password }]);
      const program = path.join(root, serviceNamed(service).folder, "src/main.ts");
      await execa(process.execPath, [program, "migrate"], { env: { DATABASE_URL: url(database), LOG_LEVEL: "error" } });
      for (const [table, statement] of Object.entries(rowsOf(amounts))) {
        if (service !== forum.defaultService && service !== table) continue;
        await query(database, statement);
        // As they would be had the rows not come all at once.
        await query(
          database,
          `SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max(id) FROM ${table}))`,
        );
        await query(database, `VACUUM ANALYZE ${table}`);
      }
    },
    stop: remove,
  };
}

/** Three of these a post, with what JSON has to escape: 20 posts are about 4 kB. */
const sentence = (every: number) => `(ARRAY['They stay where they are.', 'I have asked myself the same.',
  E'She said "no",\\nand that was it.', 'Über die Jahre wird daraus ein Archiv.', 'See the thread before this one.',
  E'C:\\\\forum\\\\old \\u2013 or so 🙂', 'Nobody has an answer to that yet.'])[1 + n / ${every} % 7]`;

/** Statements that make the rows; the same rows at each run. */
export function rowsOf({ users, threads, posts }: Amounts): Record<keyof Amounts, string> {
  const moment = (step: string) => `timestamptz '2024-01-01 00:00:00Z' + n * interval '${step}'`;
  return {
    users: `INSERT INTO users (id, username, name, bio, created_at)
      SELECT n, 'user-' || n, 'User number ' || n, 'Writes since ' || n, ${moment("61.007 seconds")}
      FROM generate_series(1, ${users}) n`,
    threads: `INSERT INTO threads (id, title, created_by, created_at)
      SELECT n, 'What became of question ' || n || '?', 1 + n % ${users}, ${moment("61.013 seconds")}
      FROM generate_series(1, ${threads}) n`,
    posts: `INSERT INTO posts (id, thread_id, user_id, text, created_at, updated_at)
      SELECT n, 1 + n % ${threads}, 1 + n * 7 % ${users}, ${sentence(1)} || ' ' || ${sentence(7)} || ' ' || ${sentence(49)},
        ${moment("1.009 seconds")}, ${moment("1.009 seconds")}
      FROM generate_series(1, ${posts}) n`,
  };
}
