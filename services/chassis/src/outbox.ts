import type { Database, Queryable } from "./database.ts";
import type { Logger } from "./log.ts";
import type { Peer } from "./peer.ts";
import { EVENTS_PATH, type Event } from "../../contract/src/index.ts";
import { currentTrace, inTrace, readTrace } from "./trace.ts";

/**
 * Transactional outbox: an event is a row, written in the transaction of the change it tells of, and deleted once its
 * recipient has confirmed it. So it is delivered at least once, whatever dies in between.
 * It needs the table that `migrations/` of a sending service creates.
 */
export interface Outbox {
  /** Adds an event for each recipient to the transaction. */
  add(tx: Queryable, event: Event, recipients: string[]): Promise<void>;
  /** Delivers soon; call it after the commit. What nobody calls for is found within a second. */
  wake(): void;
  /** Ends after the delivery under way. */
  stop(): Promise<void>;
}

export interface OutboxOptions {
  database: Database;
  peers: Record<string, Peer>;
  /** What peers know one another by. */
  secret: string;
  log: Logger;
}

interface Row {
  id: number;
  recipient: string;
  event: Event;
  trace_id: string | null;
}

/** Milliseconds between two looks at the table. */
const INTERVAL = 500;
const BATCH = 50;

/**
 * Claims rows by moving their next attempt beyond the end of a call, so that no transaction stays open meanwhile and a
 * task that dies gives them back by itself. SKIP LOCKED lets several tasks work side by side.
 */
const CLAIM = `
  UPDATE outbox SET attempts = attempts + 1, next_attempt_at = now() + interval '3 seconds'
  WHERE id IN (SELECT id FROM outbox WHERE next_attempt_at <= now() ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
  RETURNING id, recipient, event, trace_id`;

/** Retries double from 0.25 s up to 1 s, which keeps the contract's 5 s once the recipient is back. */
const POSTPONE = `
  UPDATE outbox SET next_attempt_at = now() + least(interval '1 second', interval '0.125 seconds' * power(2, least(attempts, 4)))
  WHERE id = ANY($1)`;

/** Starts delivering in the background. */
export function startOutbox({ database, peers, secret, log }: OutboxOptions): Outbox {
  let stopped = false;
  let working: Promise<void> | undefined;
  let again = false;

  const deliver = async (row: Row) => {
    const peer = peers[row.recipient];
    if (!peer) throw new Error(`outbox row ${row.id} is for "${row.recipient}", which is not configured`);
    const trace = row.trace_id ? { id: row.trace_id, flags: "01" } : readTrace({});
    const { status } = await inTrace(trace, () =>
      peer.post(EVENTS_PATH, row.event, { authorization: `Bearer ${secret}` }),
    );
    if (status !== 204) throw new Error(`${row.recipient} answered ${status} to a ${row.event.type} event`);
    await database.query("DELETE FROM outbox WHERE id = $1", [row.id]);
  };

  const work = async () => {
    do {
      again = false;
      const rows = await database.query<Row>(CLAIM);
      const results = await Promise.allSettled(rows.map(deliver));
      const failed = rows.filter((_, i) => results[i]?.status === "rejected").map(({ id }) => id);
      if (failed.length > 0) await database.query(POSTPONE, [failed]);
      for (const result of results) {
        if (result.status === "rejected") log.warn({ err: result.reason as Error }, "event not delivered, will retry");
      }
      again ||= rows.length === BATCH;
    } while (again && !stopped);
  };

  const run = () => {
    if (stopped) return;
    if (working) {
      again = true;
      return;
    }
    working = work()
      .catch((error: unknown) => log.warn({ err: error }, "outbox not read, will retry"))
      .finally(() => (working = undefined));
  };
  const timer = setInterval(run, INTERVAL);

  return {
    async add(tx, event, recipients) {
      await tx.query(
        "INSERT INTO outbox (recipient, event, trace_id) SELECT recipient, $2, $3 FROM unnest($1::text[]) AS recipient",
        [recipients, JSON.stringify(event), currentTrace()?.id ?? null],
      );
    },
    wake: run,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await working;
    },
  };
}
