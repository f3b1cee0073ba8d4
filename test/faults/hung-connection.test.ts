/** The process behind a connection for reads stops without a word: its readers are told, and a new connection takes over. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import pino from "pino";
import { isDatabaseAway, openDatabase, type Database } from "../../services/chassis/src/database.ts";
import { eventually } from "../support/eventually.ts";
import { startTestPostgres } from "../support/forum.ts";

const STATEMENT_TIMEOUT = 500;
/** What the server has beyond its own time-out before it counts as gone. */
const GRACE = 1000;
const CONNECT_TIMEOUT = 400;
/** Between two looks at the clock. */
const SLACK = 500;

const postgres = await startTestPostgres();
let database!: Database;

before(() => {
  database = openDatabase({
    url: postgres.url("posts"),
    // One connection for reads.
    poolSize: 2,
    statementTimeout: STATEMENT_TIMEOUT,
    connectTimeout: CONNECT_TIMEOUT,
    log: pino({ level: "silent" }),
  });
});
after(async () => {
  await database.close();
  await postgres.remove();
});

const processOf = async (): Promise<number> => {
  const [row] = await database.read<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  return row!.pid;
};

test("a read that is never answered fails in time, those behind it sooner, and the next one finds a new connection", async () => {
  const hung = await processOf();
  process.kill(hung, "SIGSTOP");
  try {
    const begin = performance.now();
    const timed = async (read: Promise<unknown>) => ({
      error: await read.catch((error: unknown) => error),
      ms: performance.now() - begin,
    });
    const [first, behind] = await Promise.all([timed(processOf()), timed(processOf())]);
    assert.ok(isDatabaseAway(first.error) && isDatabaseAway(behind.error));
    assert.ok(behind.ms >= CONNECT_TIMEOUT && behind.ms < CONNECT_TIMEOUT + SLACK, `behind: ${behind.ms} ms`);
    const limit = STATEMENT_TIMEOUT + GRACE;
    assert.ok(first.ms >= limit && first.ms < limit + SLACK, `first: ${first.ms} ms`);
    assert.notEqual(await processOf(), hung);
  } finally {
    process.kill(hung, "SIGCONT");
  }
});

test("a read that waited for others, and then takes long itself, is not mistaken for one that is never answered", async () => {
  const before = await processOf();
  // Each is within the server's time-out, both together are beyond the limit of one.
  const slow = () => database.read("SELECT pg_sleep($1)", [0.45]);
  const reads = await Promise.allSettled(Array.from({ length: 4 }, slow));
  assert.equal(reads[0]!.status, "fulfilled");
  await eventually(async () => assert.equal(await processOf(), before));
});
