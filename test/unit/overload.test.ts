/** More requests than a process answers at a time, and answers that nobody reads. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { after, test } from "node:test";
import express from "express";
import { pino } from "pino";
import { problem } from "../../services/contract/src/index.ts";
import type { Metrics } from "../../services/chassis/src/metrics.ts";
import { admission } from "../../services/chassis/src/overload.ts";
import { unreadAnswers } from "../../services/chassis/src/overload-unread.ts";
import { assertUnavailable, get, send } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { listen } from "../support/loopback.ts";

const LIMIT = 3;
const lines: string[] = [];
const counted: number[] = [];
const log = pino({}, { write: (line: string) => lines.push(line) });
const metrics: Pick<Metrics, "request"> = { request: (_method, _route, status) => void counted.push(status) };
/** The requests that have been let in and wait for their answer. */
let inside: ServerResponse[] = [];

const app = express();
// Bodies that are broken off are not worth a line here.
app.set("env", "test");
app.use(admission({ limit: LIMIT, log, metrics }), express.json(), (_req, res) => void inside.push(res));
const server = createServer(app);
const listening = await listen(server);
const { port } = listening;
const url = listening.url.origin;
after(() => listening[Symbol.asyncDispose]());

const post = () => send("POST", url, { body: {} });

/** Fills every place with such requests, asks `meanwhile`, and lets them go. */
async function whileFull(ask: () => Promise<{ status: number }>, meanwhile: () => Promise<void>): Promise<void> {
  inside = [];
  const full = Array.from({ length: LIMIT }, ask);
  await eventually(() => assert.equal(inside.length, LIMIT));
  await meanwhile();
  for (const res of inside) res.end();
  for (const { status } of await Promise.all(full)) assert.equal(status, 200);
}

test("one more than the limit is refused with Retry-After, is counted, and all is well after", async () => {
  await whileFull(
    () => get(url),
    async () => {
      const answer = await get(url);
      assertUnavailable(answer);
      assert.equal(problem.parse(answer.body).type, "urn:problem:unavailable");
      assert.equal(answer.headers["cache-control"], "no-store");
    },
  );
  assert.deepEqual(counted, [503]);
  await whileFull(
    () => get(url),
    async () => {},
  );
});

test("writers that wait keep no reader out, nor the other way round", async () => {
  await whileFull(post, async () => {
    assertUnavailable(await post());
    const read = get(url);
    await eventually(() => assert.equal(inside.length, LIMIT + 1));
    inside.pop()!.end();
    assert.equal((await read).status, 200);
  });
  await whileFull(
    () => get(url),
    async () => {
      const write = post();
      await eventually(() => assert.equal(inside.length, LIMIT + 1));
      inside.pop()!.end();
      assert.equal((await write).status, 200);
    },
  );
});

test("a body that does not come takes no place", async () => {
  const head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n";
  const slow = Array.from({ length: 3 * LIMIT }, () => connect(port, "127.0.0.1").on("error", () => {}));
  for (const socket of slow) socket.write(`${head}{`);
  await eventually(async () => {
    const connections = await new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
    assert.ok(Number(connections) >= slow.length);
  });
  await whileFull(post, async () => {});
  for (const socket of slow) socket.destroy();
});

test("a client that goes away gives its place back", async () => {
  inside = [];
  const gone = Array.from({ length: LIMIT }, () =>
    request(url)
      .on("error", () => {})
      .end(),
  );
  await eventually(() => assert.equal(inside.length, LIMIT));
  for (const request of gone) request.destroy();
  await eventually(() => assert.ok(inside.every((res) => res.destroyed)));
  await whileFull(
    () => get(url),
    async () => {},
  );
});

test("a thousand refusals are a few lines in the log, and all of them are in these", async () => {
  await whileFull(
    () => get(url),
    async () => {
      for (let i = 0; i < 20; i++) await Promise.all(Array.from({ length: 50 }, () => get(url)));
    },
  );
  await eventually(() => {
    const told = lines.map((line) => (JSON.parse(line) as { refused: number }).refused);
    assert.equal(
      told.reduce((sum, one) => sum + one, 0),
      counted.length,
    );
    assert.ok(counted.length > 1000);
    assert.ok(told.length < 50, `${told.length} lines`);
  }, 5000);
});

/** Answers of that many bytes; their clients ask and do not read. */
async function unreadServer(bytes: number, options: { limit: number; grace: number }) {
  const unread = unreadAnswers(options);
  const answers: ServerResponse[] = [];
  const server = createServer((_req, res) => {
    answers.push(res);
    res.once("close", unread.add(res.req.socket, bytes));
    res.setHeader("Content-Length", bytes);
    res.end(Buffer.alloc(bytes));
  });
  const { port, ...listening } = await listen(server);
  return {
    answers,
    async ask(): Promise<IncomingMessage> {
      const [answer] = (await once(request({ port, agent: false }).end(), "response")) as [IncomingMessage];
      return answer.on("error", () => {});
    },
    [Symbol.asyncDispose]: listening[Symbol.asyncDispose],
  };
}

/** More than the system takes off a process's hands. */
const BIG = 32 * 1024 * 1024;

test("too much is unread: the oldest answer is broken off, the newer ones are not", async () => {
  await using server = await unreadServer(BIG, { limit: 2 * BIG, grace: 0 });
  for (let i = 0; i < 3; i++) await server.ask();
  await eventually(() =>
    assert.deepEqual(
      server.answers.map((res) => res.destroyed),
      [true, false, false],
    ),
  );
});

test("whoever has just asked has time to read, however much waits", async () => {
  await using server = await unreadServer(BIG, { limit: 1, grace: 60_000 });
  for (let i = 0; i < 3; i++) await server.ask();
  assert.ok(server.answers.every((res) => !res.destroyed));
});

test("what has been read does not count", async () => {
  await using server = await unreadServer(BIG, { limit: BIG, grace: 0 });
  for (let i = 0; i < 3; i++) {
    const answer = await server.ask();
    let bytes = 0;
    for await (const chunk of answer) bytes += (chunk as Buffer).length;
    assert.equal(bytes, BIG);
    await eventually(() => assert.ok(server.answers.at(-1)?.closed));
  }
});
