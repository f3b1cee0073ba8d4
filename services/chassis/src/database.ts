import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { SESSION, values as types } from "./columns.ts";
import type { Logger } from "./log.ts";
import { Problem } from "./problem.ts";
import { openReaders } from "./readers.ts";
import { sentTogether } from "./sent-together.ts";
import { JsonStatement, Statement } from "./statement.ts";

/** A connection or the pool: whatever runs one statement. */
export interface Queryable {
  /**
   * Runs one statement with its values apart from its text, and gives its rows. Several that are begun at once in a
   * transaction run in their order, for the price of one round trip.
   */
  query<Row>(text: string, values?: unknown[]): Promise<Row[]>;
}

export interface Database extends Queryable {
  /** As `query`, for one SELECT that is quick: it shares its connection with others. */
  read<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  /** As `read`, each row as JSON: the same bytes that `JSON.stringify` makes of it. */
  readJson(text: string, values?: unknown[]): Promise<string[]>;
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

/**
 * How many of a task's connections reads share; the others are for writes, each of which has one for itself. One is as fast
 * as a process can ask; with two, a slow read does not hold all others.
 */
const readersOf = (poolSize: number): number => Math.min(2, Math.ceil(poolSize / 2));

/** Opens a pool and connections for reads; none is made before the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const settings: pg.PoolConfig = {
    connectionString: options.url,
    options: SESSION,
    types,
    // Statements are sent without waiting for the answers to those before.
    pipeline: true,
    connectionTimeoutMillis: options.connectTimeout,
    statement_timeout: options.statementTimeout,
    idle_in_transaction_session_timeout: options.statementTimeout * 2,
    keepAlive: true,
  };
  // The server may be gone without a word: then its own time-out never arrives.
  const silence = options.statementTimeout + 1000;
  const readerCount = readersOf(options.poolSize);
  const max = Math.max(1, options.poolSize - readerCount);
  const pool = watched(
    new pg.Pool({ ...settings, max, query_timeout: silence, idleTimeoutMillis: 30_000 }),
    options.log,
  );
  const readers = openReaders({
    settings,
    size: readerCount,
    patience: options.connectTimeout,
    silence,
    onError: (error) => heard(options.log, error),
  });
  const probe = watched(
    new pg.Pool({ ...settings, max: 1, query_timeout: 1000, idleTimeoutMillis: 30_000 }),
    options.log,
  );
  const nameOf = statementNames();
  const inside = (client: pg.PoolClient, begun: Promise<unknown>): Queryable => {
    let waits = false;
    return {
      async query<Row>(text: string, values: unknown[] = []) {
        // Were BEGIN to fail, a write that went out with it would be kept. All after it wait too, or they would overtake it.
        waits ||= !/^\s*SELECT\b/i.test(text);
        if (waits) await begun;
        sentTogether(client, process.nextTick);
        const { rows } = await client.query({ name: nameOf(text), text, values });
        await begun;
        return rows as Row[];
      },
    };
  };
  return {
    pool,
    query: async <Row>(text: string, values: unknown[] = []) =>
      (await pool.query({ name: nameOf(text), text, values })).rows as Row[],
    read: async <Row>(text: string, values: unknown[] = []) =>
      (await readers.query(new Statement(nameOf(text), text, values))).rows as Row[],
    async readJson(text, values = []) {
      const statement = new JsonStatement(nameOf(text), text, values);
      await readers.query(statement);
      return statement.json;
    },
    async transaction(work) {
      const client = await pool.connect();
      try {
        // Goes with the first statement of the work, if that reads: it has no need to wait.
        sentTogether(client, process.nextTick);
        const begun = client.query("BEGIN");
        const [, result] = await Promise.all([begun, work(inside(client, begun))]);
        await client.query("COMMIT").catch(commitFailed);
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
      await Promise.all([pool.end(), probe.end(), readers.close()]);
    },
  };
}

/**
 * A connection that breaks under a commit leaves open whether it was done: who is told "nothing was written" would write it
 * twice. One that had broken before has sent nothing.
 */
function commitFailed(error: unknown): never {
  const isOpen = isDatabaseAway(error) && !/^Client (has encountered|was closed)/.test((error as Error).message);
  if (!isOpen) throw error;
  const detail =
    "The database broke off while it wrote: whether this was done is not known. Look before you repeat it.";
  throw new Problem("internal", { detail, cause: error });
}

/** Names statements, so that a connection prepares each once. Texts are constants of the program, so they are few. */
function statementNames(): (text: string) => string {
  const names = new Map<string, string>();
  return (text) => {
    let name = names.get(text);
    if (name === undefined) names.set(text, (name = `s${names.size}`));
    return name;
  };
}

const heard = (log: Logger, error: Error): void =>
  log.warn({ err: { message: error.message } }, "database connection lost");

/** A connection that breaks emits an error whether or not a query runs on it: unheard, it would end the process. */
function watched(pool: pg.Pool, log: Logger): pg.Pool {
  pool.on("error", (error) => heard(log, error));
  pool.on("connect", (client) => client.on("error", (error) => heard(log, error)));
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

const CONNECTION_MESSAGES =
  /^(Connection terminated|Client (has encountered|was closed)|timeout (exceeded|expired)|Query read timeout)/;

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
