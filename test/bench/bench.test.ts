/** The bench itself: the baselines do the same work, byte for byte, and the figures add up. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { request } from "undici";
import { chartOf } from "./chart.ts";
import { describeMachine } from "./machine.ts";
import { reportOf, tableOf } from "./report.ts";
import { measure } from "./rounds.ts";
import { startLoadGenerator, type HttpRequest } from "./load.ts";
import { recordStatements } from "./recorder.ts";
import type { Server } from "./server.ts";
import { median, ratios } from "./statistics.ts";
import type { Work } from "./work.ts";
import { worksWith } from "./works/all.ts";
import { postings } from "./works/posting.ts";
import { startBenchWorld, type BenchWorld } from "./world.ts";

const AMOUNTS = { users: 30, threads: 20, posts: 1000 };
const works = worksWith([1000, 4000]);
const load = startLoadGenerator();
const oneShortRound = { warmUp: 0, rounds: 1, seconds: 0.2, load, say: () => {} };
let world: BenchWorld;
before(async () => {
  world = await startBenchWorld(AMOUNTS, () => {});
});
after(async () => {
  await load.stop();
  await world.stop();
});

/** An answer as far as it has to be the same: what a client sees of it, to the byte. */
async function answerOf(url: string, path: string) {
  const { statusCode, headers, body } = await request(url + path);
  return {
    status: statusCode,
    type: headers["content-type"],
    body: Buffer.from(await body.arrayBuffer()).toString("latin1"),
  };
}

for (const work of works.filter(({ name }) => ["posts", "thread", "user"].includes(name))) {
  test(`${work.title}: every candidate gives the same bytes`, async () => {
    const [ours, ...others] = await work.start(world);
    const paths = new Set(ours!.requests.map(({ path }) => path));
    assert.ok(paths.size > 10);
    for (const path of paths) {
      const expected = await answerOf(ours!.url, path);
      assert.equal(expected.status, 200, path);
      for (const { name, url } of others) assert.deepEqual(await answerOf(url, path), expected, `${name} ${path}`);
    }
  });
}

test("posting: every candidate stores and answers the same", async () => {
  const posting = works.find(({ name }) => name === "posting")!;
  const candidates = await posting.start(world);
  const { path, headers, body, method } = candidates[0]!.requests[0]!;
  const answers = [];
  for (const { url } of candidates) {
    const answer = await request(url + path, { method: method!, headers: headers!, body: body! });
    const post = (await answer.body.json()) as Record<string, unknown>;
    assert.ok(post["createdAt"] === post["updatedAt"] && Number.isInteger(post["id"]));
    const stored = await (await request(`${candidates[0]!.url}/api/posts/${String(post["id"])}`)).body.json();
    assert.equal((stored as { text: string }).text, post["text"]);
    const { id: _id, createdAt: _createdAt, updatedAt: _updatedAt, ...rest } = post;
    answers.push([answer.statusCode, answer.headers["content-type"], Object.keys(post), rest]);
  }
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
});

/** What a request makes a server ask the database, in its order. What it asks now and then anyway is left out. */
async function statementsOf(start: (databaseUrl: string) => Promise<Server>, { path, ...sent }: HttpRequest) {
  await using recorder = await recordStatements(world.database.url("monolith"));
  const { url } = await start(recorder.url);
  recorder.statements.length = 0;
  assert.ok((await request(url + path, sent)).statusCode < 300, path);
  return recorder.statements
    .filter((text) => /^(BEGIN|COMMIT)|FROM (posts|threads|users)|INTO posts|FOR SHARE|advisory_xact/.test(text))
    .map((text) => text.replace(/\s+/g, " "));
}

const oneOfEach = (): [what: string, HttpRequest][] => [
  ["20 posts of a thread", { path: "/api/posts/in-thread/1" }],
  ["one thread", { path: "/api/threads/1" }],
  ["one user", { path: "/api/users/1" }],
  ["a posting", postings(world)[0]!],
];

test("the baseline asks the database for the same, statement by statement", async () => {
  for (const [what, request] of oneOfEach()) {
    const ours = await statementsOf((url) => world.service("monolith", "monolith", url), request);
    const raw = await statementsOf((url) => world.baseline("raw", "monolith", url), request);
    assert.deepEqual(raw, ours, `${what}: bring test/bench/baselines up to date`);
    assert.ok(ours.length > 0);
  }
});

test("each work in one short round: all is answered, and the report has every candidate and goal", async () => {
  const report = { machine: describeMachine(), rounds: 1, seconds: 0.2, works: [] as ReturnType<typeof reportOf>[] };
  for (const work of works) {
    const candidates = await work.start(world);
    const measured = await measure(work, candidates, oneShortRound);
    const found = reportOf(work, measured);
    assert.deepEqual(
      found.candidates.map(({ name }) => name),
      candidates.map(({ name }) => name),
    );
    for (const { perSecond, p50, p99 } of found.candidates) {
      assert.ok(perSecond.median > 1);
      assert.ok(0 < p50.median && p50.median <= p99.median);
    }
    report.works.push(found);
  }
  const [table, chart] = [tableOf(report), chartOf(report)];
  for (const { candidates } of report.works) {
    for (const { name } of candidates) assert.ok(table.includes(name) && chart.includes(`>${name}<`), name);
  }
});

test("a failed request makes a figure impossible", async () => {
  const raw = await world.baseline("raw", "posts");
  const candidate = { name: "wrong", url: raw.url, requests: [{ path: "/nothing" }], processes: [] };
  const work: Work = { name: "wrong", title: "Wrong", connections: 2, goals: [], start: async () => [candidate] };
  await assert.rejects(measure(work, [candidate], oneShortRound), /requests failed/);
});

test("medians, and ratios round by round", () => {
  assert.deepEqual([median([3, 1, 2]), median([4, 1, 2, 3])], [2, 2.5]);
  assert.deepEqual(ratios([10, 20, 30], [10, 10, 10]), { median: 2, min: 1, max: 3 });
});
