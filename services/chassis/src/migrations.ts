import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import pg from "pg";
import type { Logger } from "./log.ts";

/** Any pair will do as long as every task takes the same. A pair, because single numbers lock rows of the modules. */
const LOCK = [7203, 1];

/**
 * Applies the `*.sql` files of a folder in the order of their names, each once and in a transaction of its own.
 * Tasks that start at the same time wait for one another. A file that was applied must not change afterwards;
 * migrations that only the database knows are left alone: they belong to a newer image during a roll-out.
 */
export async function migrate(databaseUrl: string, folder: URL, log: Logger): Promise<void> {
  // A client of its own: migrations may take longer than the pool lets a statement run.
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5000 });
  client.on("error", (error) => log.warn({ err: { message: error.message } }, "database connection lost"));
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1, $2)", LOCK);
    await client.query(`CREATE TABLE IF NOT EXISTS schema_migrations (
      name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
    const applied = await client.query<{ name: string; checksum: string }>(
      "SELECT name, checksum FROM schema_migrations",
    );
    const known = new Map(applied.rows.map((row) => [row.name, row.checksum]));
    for (const name of (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort()) {
      const sql = await readFile(new URL(name, folder), "utf8");
      const checksum = createHash("sha256").update(sql).digest("hex");
      if (!known.has(name)) await apply(client, name, sql, checksum, log);
      else if (known.get(name) !== checksum) {
        throw new Error(`Migration ${name} was changed after it had been applied. Put it back and write a new one.`);
      }
    }
  } finally {
    await client.end();
  }
}

async function apply(client: pg.Client, name: string, sql: string, checksum: string, log: Logger): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query(sql);
    await client.query("INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)", [name, checksum]);
    await client.query("COMMIT");
    log.info({ migration: name }, "migration applied");
  } catch (error) {
    await client.query("ROLLBACK");
    throw new Error(`Migration ${name} failed: ${(error as Error).message}`, { cause: error });
  }
}
