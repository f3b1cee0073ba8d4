/** A commit whose answer is lost: nobody may say that nothing was written. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import pino from "pino";
import { isDatabaseAway, openDatabase, type Database, type Queryable } from "../../services/chassis/src/database.ts";
import { problemOf } from "../../services/chassis/src/errors.ts";
import { startSqlProxy, type SqlProxy } from "../cutover/sql-proxy.ts";
import { startTestPostgres } from "../support/forum.ts";

const postgres = await startTestPostgres();
const proxy: SqlProxy = await startSqlProxy(postgres.server.port, "monolith");
let database!: Database;

before(async () => {
  await postgres.query("monolith", "CREATE TABLE notes (text text)");
  const url = new URL(postgres.url("monolith"));
  url.port = String(proxy.port);
  const log = pino({ level: "silent" });
  database = openDatabase({ url: url.href, poolSize: 2, statementTimeout: 2000, connectTimeout: 2000, log });
});
after(async () => {
  await database.close();
  await postgres.remove();
});

const write = (text: string) =>
  database.transaction((tx) => tx.query("INSERT INTO notes VALUES ($1)", [text])).catch((error: unknown) => error);
const written = async (text: string) =>
  (await postgres.query("monolith", "SELECT FROM notes WHERE text = $1", [text])).length;

/** Of BEGIN, INSERT, COMMIT. */
const COMMIT = 3;

test("a BEGIN that fails: nothing that follows is written, and the connection serves the next", async () => {
  // A pool of two keeps one for writes.
  const client = await database.pool.connect();
  const query = client.query.bind(client) as (query: unknown) => unknown;
  Object.assign(client, { query: (asked: unknown) => query(asked === "BEGIN" ? "BEGIN nonsense" : asked) });
  client.release();
  const insert = (tx: Queryable) => tx.query("INSERT INTO notes VALUES ('outside')");
  for (const work of [
    insert,
    (tx: Queryable) => Promise.all([tx.query("SELECT 1"), insert(tx)]),
    (tx: Queryable) => tx.query("SELECT 1").then(() => insert(tx)),
  ]) {
    await assert.rejects(database.transaction(work), /syntax error/);
  }
  assert.equal(await written("outside"), 0);
  Object.assign(client, { query });
  await database.transaction(insert);
  assert.equal(await written("outside"), 1);
});

test("a connection that breaks before the commit: nothing was written, 503", async () => {
  proxy.strikeAt(COMMIT - 1, () => {}, false);
  const error = await write("before");
  assert.equal(problemOf(error).status, 503);
  assert.equal(await written("before"), 0);
});

test("a connection that breaks under the commit: nobody knows, 500", async () => {
  proxy.strikeAt(COMMIT, () => {}, true);
  const error = await write("under");
  assert.equal(await written("under"), 1);
  assert.equal(problemOf(error).status, 500);
  assert.match(problemOf(error).message, /not known/);
  assert.ok(!isDatabaseAway(error));
});
