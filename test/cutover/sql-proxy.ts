/** Stands between a program and PostgreSQL and counts the statements that it sends, so that something can happen at one. */
import { createConnection, createServer } from "node:net";
import { after } from "node:test";
import { listen } from "../support/loopback.ts";
import { messageReader } from "../support/sql-messages.ts";

export interface SqlProxy {
  readonly port: number;
  /** Statements since the last call of `strikeAt`. */
  count(): number;
  /**
   * Calls `strike` at the n-th statement from now, counted from 1, and ends its connection.
   * @param arrives whether the statement still gets through; its answer does not
   */
  strikeAt(n: number, strike: () => void, arrives: boolean): void;
  /** From now on nothing happens at any statement. */
  hold(): void;
}

/** Message types of the protocol that carry a statement: a simple query, and one to be prepared. */
const STATEMENTS = new Set(["Q", "P"]);

/**
 * Listens on loopback until the tests of the file have ended.
 * @param role whose statements are counted; others who connect by the same address, such as replication, are let through
 */
export async function startSqlProxy(databasePort: number, role = "postgres"): Promise<SqlProxy> {
  let sent = 0;
  let aim: { n: number; strike: () => void; arrives: boolean } | undefined;

  const server = createServer((client) => {
    const database = createConnection({ host: "127.0.0.1", port: databasePort });
    const messages = messageReader();
    let isCounted = false;
    client.on("data", (chunk) => {
      const read = messages(chunk);
      isCounted ||= read.some(({ type, text }) => type === "startup" && text.includes(`user\0${role}\0`));
      const statements = isCounted ? read.filter(({ type }) => STATEMENTS.has(type)).length : 0;
      const isStruck = aim !== undefined && sent < aim.n && sent + statements >= aim.n;
      sent += statements;
      if (!isStruck || aim!.arrives) database.write(chunk);
      if (!isStruck) return;
      aim!.strike();
      client.destroy();
    });
    database.pipe(client);
    // What has been written still arrives.
    client.on("close", () => database.end()).on("error", () => database.end());
    database.on("close", () => client.destroy()).on("error", () => client.destroy());
  });
  const { port, ...listening } = await listen(server);
  after(() => listening[Symbol.asyncDispose]());
  return {
    port,
    count: () => sent,
    strikeAt(n, strike, arrives) {
      sent = 0;
      aim = { n, strike, arrives };
    },
    hold: () => (aim = undefined),
  };
}
