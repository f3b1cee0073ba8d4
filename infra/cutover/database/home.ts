import pg from "pg";
import type { Side } from "../../../services/chassis/src/ownership/standing.ts";

/** Where a database is, for its administrator. */
export interface Address {
  /** With a role that may replicate: the superuser, on Aurora the master user. */
  url: string;
  /** How database servers reach it, where that differs from how this program does. */
  server?: { host: string; port: number };
}

/** One of the two homes of a module, opened by its administrator. */
export interface Home {
  side: Side;
  /** Runs one statement with its values apart from its text, and gives its rows. */
  query<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Another connection, for a transaction or a snapshot; closed with the home at the latest. */
  connect(): Promise<pg.Client>;
  /** How another database server connects to it, for `CREATE SUBSCRIPTION`. */
  connectionFor(role: string, password: string): string;
  close(): Promise<void>;
}

/** Milliseconds for a statement that should be quick, so that nobody waits for ever for a lock or a dead server. */
const STATEMENT_TIMEOUT = 60_000;

/** PostgreSQL's own number of the type bigint. */
const INT8 = 20;

/** Names in SQL texts, which cannot be parameters: quoted. */
export const name = pg.escapeIdentifier;
export const text = pg.escapeLiteral;

/** Opens a home. A connection that has broken is made anew for the next statement. */
export function openHome(side: Side, { url, server }: Address): Home {
  const types: pg.CustomTypesConfig = {
    // Counts and positions in bytes are bigint in SQL and numbers here.
    getTypeParser: (oid: number, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)),
  };
  const settings: pg.PoolConfig = {
    connectionString: url,
    types,
    application_name: "cutover",
    connectionTimeoutMillis: 5000,
    statement_timeout: STATEMENT_TIMEOUT,
    query_timeout: STATEMENT_TIMEOUT + 1000,
    keepAlive: true,
  };
  const pool = new pg.Pool({ ...settings, max: 3 });
  const clients = new Set<pg.Client>();
  // A broken connection tells its user by the statement that fails.
  pool.on("error", () => {});
  return {
    side,
    query: async <Row>(statement: string, values?: unknown[]) =>
      (await pool.query<pg.QueryResultRow>(statement, values)).rows as Row[],
    async connect() {
      const client = new pg.Client(settings);
      client.on("error", () => {});
      await client.connect();
      clients.add(client);
      return client;
    },
    connectionFor(role, password) {
      const { hostname, port, pathname, searchParams } = new URL(url);
      const parts = {
        host: server?.host ?? hostname,
        port: server?.port ?? (port || 5432),
        dbname: decodeURIComponent(pathname.slice(1)),
        user: role,
        password,
        application_name: role,
        ...(searchParams.has("sslmode") && { sslmode: "require" }),
      };
      return Object.entries(parts)
        .map(([key, value]) => `${key}='${String(value).replaceAll(/['\\]/g, "\\$&")}'`)
        .join(" ");
    },
    async close() {
      await Promise.allSettled([pool.end(), ...[...clients].map((client) => client.end())]);
    },
  };
}
