/** Three times as many requests as the service can answer: it refuses the rest at once and goes on answering. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { get, newMember, newPost, newThread, send, type Answer } from "../support/client.ts";
import { eventually, timed } from "../support/eventually.ts";
import { startForum } from "../support/forum.ts";
import { runPacedLoad, type PacedResult } from "../support/paced-load.ts";

const MAX_REQUESTS = 256;
const { url, postgres, serviceUrl } = await startForum(["users", "threads", "posts"], {
  MAX_REQUESTS: String(MAX_REQUESTS),
});
await postgres.query(
  "posts",
  "INSERT INTO posts (thread_id, user_id, text) SELECT 1, 1, 'A post ' || n FROM generate_series(1, 5000) n",
);
/** A page that costs the service much more than its client: one thread of load is then enough. */
const page = `${serviceUrl("posts")}/api/posts?limit=100`;

const EXCESS = 3;
const SECONDS = 3;
/** A neighbour on this machine can spoil a round; all of them only a service that does not keep up. */
const ROUNDS = 5;

/** What the service answers when it is asked for as much as it can do. */
const best = () => runPacedLoad({ url: page, seconds: SECONDS / 2, pace: { clients: 32 } });

/** Asks for `/ready` until the load is over. */
async function whileAsking<T>(load: Promise<T>): Promise<{ result: T; ready: Answer[] }> {
  const ready: Answer[] = [];
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      ready.push(await get(`${serviceUrl("posts")}/ready`));
      await sleep(50);
    }
  })();
  const result = await load;
  isOver = true;
  await asking;
  return { result, ready };
}

interface Round {
  /** Answers a second under overload, as a share of those without. */
  share: number;
  excess: number;
  slowestReady: number;
  recovery: number;
}

async function overloadOnce(): Promise<Round> {
  const before = await best();
  const pace = { perSecond: EXCESS * before.answered };
  const { result, ready } = await whileAsking(runPacedLoad({ url: page, seconds: SECONDS, pace }));
  const { ms: recovery } = await timed(async () => ({ answers: await eventually(recovered, 5000) }));
  const after = await best();
  assertHonest(result);
  assert.ok((result.statuses[503] ?? 0) > 0, "nothing was refused");
  assert.deepEqual(new Set(ready.map(({ status }) => status)), new Set([200]), "/ready");
  // The machine may have become slower or faster meanwhile.
  const usual = Math.min(before.answered, after.answered);
  return {
    share: result.answered / usual,
    excess: result.offered / usual,
    slowestReady: Math.max(...ready.map(({ ms }) => ms)),
    recovery,
  };
}

/** Each request got an answer: yes, or not now. */
function assertHonest({ statuses, broken }: PacedResult): void {
  assert.deepEqual(broken, []);
  assert.deepEqual(
    Object.keys(statuses).filter((status) => status !== "200" && status !== "503"),
    [],
  );
}

async function recovered(): Promise<void> {
  const answers = await Promise.all(Array.from({ length: 20 }, () => get(page)));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
}

const isSteady = ({ share, slowestReady }: Round): boolean => share >= 0.8 && slowestReady < 1000;

test("at three times its rate a service answers at least 80 % of its best, /ready within a second, and recovers", async (t) => {
  const rounds: Round[] = [];
  while (rounds.length < ROUNDS && !rounds.some(isSteady)) {
    const round = await overloadOnce();
    rounds.push(round);
    const { share, excess, slowestReady, recovery } = round;
    const times = `/ready within ${Math.round(slowestReady)} ms, well again after ${Math.round(recovery)} ms`;
    t.diagnostic(
      `asked for ${excess.toFixed(1)} times its best, it answered ${Math.round(100 * share)} % of it; ${times}`,
    );
  }
  assert.ok(rounds.some(isSteady));
});

test("more writers than it takes wait for a handover: they are told so, and readers notice nothing", async () => {
  const ada = await newMember(url);
  const thread = await newThread(url, ada);
  const post = await newPost(url, ada, thread.id);
  const address = `${serviceUrl("posts")}/api/posts/${post.id}`;
  const holder = new pg.Client({ connectionString: postgres.url("posts") });
  await holder.connect();
  await holder.query("BEGIN");
  await holder.query("SELECT FROM ownership FOR UPDATE");

  const write = () => send("PATCH", address, { token: ada.token, body: { text: "Changed" } });
  const writes = Promise.all(Array.from({ length: MAX_REQUESTS + 50 }, write));
  await eventually(async () => assert.equal((await write()).status, 503));
  const reads = await Promise.all(Array.from({ length: 50 }, () => get(address)));
  assert.deepEqual(new Set(reads.map(({ status }) => status)), new Set([200]));
  await holder.query("COMMIT");
  await holder.end();

  const statuses = new Set((await writes).map(({ status }) => status));
  assert.deepEqual(statuses, new Set([503, 200]));
  await eventually(async () => assert.equal((await write()).status, 200));
});
