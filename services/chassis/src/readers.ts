import pg from "pg";
import { sentTogether, streamOf } from "./sent-together.ts";
import type { Statement } from "./statement.ts";

export interface ReadersOptions {
  /** Of connections that pipeline. */
  settings: pg.ClientConfig;
  /** Connections at most. */
  size: number;
  /** Milliseconds a read waits at most for a connection, or for the reads before it on the same one. */
  patience: number;
  /** Milliseconds after which a connection is given up on which a read runs and nothing comes. */
  silence: number;
  /** Hears of connections that broke. */
  onError: (error: Error) => void;
}

/** Connections that reads share. */
export interface Readers {
  /** Runs one statement that reads. */
  query(read: Statement): Promise<pg.QueryResult>;
  close(): Promise<void>;
}

interface Reader {
  client: pg.Client;
  connected: boolean;
  ready: Promise<unknown>;
  /** The reads under way in the order in which they are answered; only the first one runs. */
  underWay: Waiting[];
  /** When it was connected, or the last read was answered, as `performance.now()` counts. */
  answered: number;
  idle: NodeJS.Timeout;
}

interface Waiting {
  since: number;
  fail: (error: Error) => void;
}

/** Milliseconds after which a connection that nobody reads on is closed. */
const IDLE = 30_000;

/**
 * Opens connections on which many reads are under way at once: a statement is sent without waiting for the answers to
 * those before it (pipelining), which saves most of the system calls of a busy process. Each is a transaction of its own,
 * so one that fails harms no other. Nothing that takes long belongs here, and nothing that waits for the disk.
 */
export function openReaders({ settings, size, patience, silence, onError }: ReadersOptions): Readers {
  const readers = new Set<Reader>();
  let closed = false;

  const open = (): Reader => {
    const client = new pg.Client(settings);
    const reader: Reader = {
      client,
      underWay: [],
      connected: false,
      answered: 0,
      ready: client.connect(),
      idle: setTimeout(() => reader.underWay.length === 0 && void drop(reader), IDLE).unref(),
    };
    readers.add(reader);
    client.on("error", (error) => lost(reader, error));
    client.on("end", () => lost(reader, new Error("Connection terminated unexpectedly")));
    reader.ready.then(
      () => Object.assign(reader, { connected: true, answered: performance.now() }),
      () => drop(reader),
    );
    return reader;
  };
  const lost = (reader: Reader, error: Error) => {
    if (readers.delete(reader)) onError(error);
  };
  const drop = async (reader: Reader) => {
    readers.delete(reader);
    clearTimeout(reader.idle);
    await reader.client.end().catch(() => {});
  };

  /** The one with the least to do; a new one rather than a busy one. */
  const least = (): Reader => {
    if (closed) throw new Error("Connection terminated: the readers are closed");
    let found: Reader | undefined;
    for (const reader of readers) {
      if (!found || reader.underWay.length < found.underWay.length) found = reader;
    }
    return found && (found.underWay.length === 0 || readers.size >= size) ? found : open();
  };

  // Not pg's `query_timeout`: with it, pg assigns a function literal to a property of each statement. V8 takes that for a
  // method and puts it into the old generation, where it keeps all that belongs to the read until a major collection:
  // the minor ones then pause for 10 to 25 ms under load, and for 1 ms without.
  const impatient = setInterval(() => {
    const now = performance.now();
    for (const reader of readers) {
      const { client, connected, answered, underWay } = reader;
      for (const { since, fail } of underWay.slice(1)) {
        if (since < now - patience) fail(new Error("timeout exceeded when waiting for the reads before"));
      }
      const [first] = underWay;
      if (!first || !connected || Math.max(first.since, answered) > now - silence) continue;
      lost(reader, new Error(`no answer to a read for ${silence} ms`));
      first.fail(new Error("timeout exceeded when waiting for an answer"));
      streamOf(client).destroy();
    }
  }, patience / 4).unref();

  return {
    query(read) {
      const reader = least();
      const { client, underWay } = reader;
      reader.idle.refresh();
      return new Promise((resolve, reject) => {
        const waiting: Waiting = { since: performance.now(), fail: reject };
        const over = (error: Error | null, result?: pg.QueryResult) => {
          reader.answered = performance.now();
          underWay.splice(underWay.indexOf(waiting), 1);
          if (error) reject(error);
          else resolve(result!);
        };
        const send = () => {
          sentTogether(client, setImmediate);
          client.query(Object.assign(read, { callback: over }));
        };
        underWay.push(waiting);
        // The client itself would keep what it is given while it connects for ever if that fails.
        if (reader.connected) send();
        else void reader.ready.then(send, over);
      });
    },
    async close() {
      closed = true;
      clearInterval(impatient);
      await Promise.all([...readers].map(drop));
    },
  };
}
