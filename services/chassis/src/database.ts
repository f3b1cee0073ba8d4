import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Logger } from "./log.ts";

/** A connection or the pool: whatever runs one statement. */
export interface Queryable {
  /** Runs one statement with its values apart from its text, and gives its rows. */
  query<Row>(text: string, values?: unknown[]): Promise<Row[]>;
}

export interface Database extends Queryable {
  /** Runs `work` in one transaction: everything it wrote, or after a throw nothing. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** Whether the server answers now; asked on a connection of its own, so that a busy pool is not a dead database. */
  answers(): Promise<boolean>;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  poolSize: number;
  /** Milliseconds. */
  statementTimeout: number;
  /** Milliseconds. */
  connectTimeout: number;
  log: Logger;
}

/** Object ids of PostgreSQL's own types, the same in every installation. */
const INT8 = 20;
const TIMESTAMPTZ = 1184;

/** Ids are `bigint` in SQL and numbers here: the contract keeps them below 2^53. Moments are ISO texts. */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format) {
    if (oid === INT8) return Number;
    if (oid === TIMESTAMPTZ) return (value: string) => new Date(value).toISOString();
    return pg.types.getTypeParser(oid, format);
  },
};

/** Opens a pool; no connection is made before the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const settings: pg.PoolConfig = {
    connectionString: options.url,
    types,
    connectionTimeoutMillis: options.connectTimeout,
    statement_timeout: options.statementTimeout,
    // The server may be gone without a word: then its own time-out never arrives.
    query_timeout: options.statementTimeout + 1000,
    idle_in_transaction_session_timeout: options.statementTimeout * 2,
    keepAlive: true,
  };
  const pool = watched(new pg.Pool({ ...settings, max: options.poolSize, idleTimeoutMillis: 30_000 }), options.log);
  const probe = watched(
    new pg.Pool({ ...settings, max: 1, query_timeout: 1000, idleTimeoutMillis: 30_000 }),
    options.log,
  );
  const on = (client: pg.Pool | pg.PoolClient): Queryable => ({
    query: async <Row>(text: string, values?: unknown[]) => (await client.query(text, values)).rows as Row[],
  });
  return {
    pool,
    ...on(pool),
    async transaction(work) {
      const client = await pool.connect();
      try {
        await client.query("BEGIN");
        const result = await work(on(client));
        await client.query("COMMIT");
        client.release();
        return result;
      } catch (error) {
        await client.query("ROLLBACK").then(
          () => client.release(),
          (broken: Error) => client.release(broken),
        );
        throw error;
      }
    },
    answers: () =>
      probe.query("SELECT 1").then(
        () => true,
        () => false,
      ),
    async close() {
      await Promise.all([pool.end(), probe.end()]);
    },
  };
}

/** A connection that breaks emits an error whether or not a query runs on it: unheard, it would end the process. */
function watched(pool: pg.Pool, log: Logger): pg.Pool {
  const heard = (error: Error) => log.warn({ err: { message: error.message } }, "database connection lost");
  pool.on("error", heard);
  pool.on("connect", (client) => client.on("error", heard));
  return pool;
}

const CONNECTION_ERRORS = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
]);

/**
 * SQLSTATEs after which the same request may well succeed later: connection exceptions (08), insufficient resources
 * (53), operator intervention and statement time-out (57), a server that was just demoted (25006), deadlock and
 * serialization (40), a lock not had (55P03), credentials being rotated (28).
 */
const PASSING_STATE = /^(08|53|57|40|28)|^25006$|^25P03$|^55P03$/;

const CONNECTION_MESSAGES = /^(Connection terminated|Client has encountered|timeout exceeded|Query read timeout)/;

/** Whether an error means "not now" rather than "not like this". */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  const { code } = error as { code?: string };
  if (code && CONNECTION_ERRORS.has(code)) return true;
  if (error instanceof pg.DatabaseError) return PASSING_STATE.test(code ?? "");
  return CONNECTION_MESSAGES.test(error.message);
}

/** Does `work` as soon as the database answers: it may start later than a service. Other errors are thrown on. */
export async function whenDatabaseAnswers<T>(log: Logger, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      log.warn({ reason: (error as Error).message }, "the database does not answer yet, trying again");
      await sleep(500);
    }
  }
}

/** Whether an error is the violation of that constraint. */
export const violates = (error: unknown, constraint: string): boolean =>
  error instanceof pg.DatabaseError && error.constraint === constraint;
