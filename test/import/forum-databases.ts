import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { createLog } from "../../services/chassis/src/log.ts";
import { migrate } from "../../services/chassis/src/migrations.ts";
import { forum } from "../../infra/forum.ts";
import type { DatabaseUrls } from "../../infra/import/src/addresses.ts";
import { startPostgres } from "../../infra/local/postgres.ts";

export type ShapeName = "monolith" | "services";

/** What an import has left behind, over the databases of one shape. */
export interface Stored {
  users: number;
  threads: number;
  posts: number;
}

export interface ForumDatabases {
  urls: Record<ShapeName, DatabaseUrls>;
  /** The variables that give a child process these addresses. */
  environment: Record<string, string>;
  /** Runs a statement in the database of that address. */
  query<Row>(url: string, text: string, values?: unknown[]): Promise<Row[]>;
  stored(shape: ShapeName): Promise<Stored>;
  /** Takes everything out of all four databases. */
  empty(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts PostgreSQL with the four databases of the forum, migrated and empty. */
export async function startForumDatabases(): Promise<ForumDatabases> {
  // Not made here: the server's own user must be able to enter it.
  const folder = path.join(tmpdir(), `import-test-${randomUUID()}`);
  const postgres = await startPostgres({ folder, keep: false, password: "import-test" });
  await forgetfully(postgres.adminUrl);
  const log = createLog("test", "silent");
  for (const service of forum.services) {
    await migrate(postgres.url(service.database), new URL(`../../${service.folder}/migrations/`, import.meta.url), log);
  }
  const urls = forum.services.map((service) => postgres.url(service.database));
  const pools = new Map(urls.map((url) => [url, new pg.Pool({ connectionString: url, max: 2 })]));
  // The server closes connections when it stops; nobody is left to mind.
  for (const pool of pools.values()) pool.on("connect", (client) => client.on("error", () => {})).on("error", () => {});
  const of = (name: string) => postgres.url(name);
  const shapes: Record<ShapeName, DatabaseUrls> = {
    monolith: { users: of("monolith"), threads: of("monolith"), posts: of("monolith") },
    services: { users: of("users"), threads: of("threads"), posts: of("posts") },
  };
  const query = async <Row>(url: string, text: string, values?: unknown[]) =>
    (await pools.get(url)!.query(text, values)).rows as Row[];
  const count = async (url: string, table: string) =>
    (await query<{ count: number }>(url, `SELECT count(*)::integer AS count FROM ${table}`))[0]!.count;
  return {
    urls: shapes,
    environment: {
      MONOLITH_DATABASE_URL: of("monolith"),
      USERS_DATABASE_URL: of("users"),
      THREADS_DATABASE_URL: of("threads"),
      POSTS_DATABASE_URL: of("posts"),
    },
    query,
    async stored(shape) {
      const { users, threads, posts } = shapes[shape];
      return {
        users: await count(users, "users"),
        threads: await count(threads, "threads"),
        posts: await count(posts, "posts"),
      };
    },
    async empty() {
      await query(of("monolith"), "TRUNCATE users, threads, posts RESTART IDENTITY");
      for (const name of ["users", "threads", "posts"]) {
        await query(of(name), `TRUNCATE ${name} RESTART IDENTITY`);
      }
      for (const url of urls) await query(url, "DROP SCHEMA IF EXISTS import CASCADE");
    },
    async stop() {
      await Promise.all([...pools.values()].map((pool) => pool.end()));
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Lets the server not wait for the disk: here clients are killed, never the server. */
async function forgetfully(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query("ALTER SYSTEM SET fsync = off");
  await client.query("SELECT pg_reload_conf()");
  await client.end();
}
