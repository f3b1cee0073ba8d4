/** Listening and draining, on real connections. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, request, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { problem } from "../../services/contract/src/index.ts";
import { listen } from "../../services/chassis/src/server.ts";
import { eventually, timed } from "../support/eventually.ts";

const start = (app: RequestListener = (_req, res) => res.end("ok")) => listen(app, "127.0.0.1", 0);
const at_once = { delay: 0, timeout: 0 };

async function ask(port: number, agent: Agent): Promise<IncomingMessage> {
  const [answer] = (await once(request({ port, agent }).end(), "response")) as [IncomingMessage];
  answer.resume();
  await once(answer, "end");
  return answer;
}

/** Sends bytes as they are and gives all that comes back until the server ends the connection. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(bytes);
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  return text;
}

test("a taken port is an error, at once", async () => {
  const server = await start();
  await assert.rejects(
    listen(() => {}, "127.0.0.1", server.port),
    { code: "EADDRINUSE" },
  );
  await server.drain(at_once);
});

test("draining: kept connections are answered with `Connection: close` until the delay is over", async () => {
  const server = await start();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  assert.equal((await ask(server.port, agent)).headers.connection, "keep-alive");
  assert.equal(server.draining, false);
  const drained = server.drain({ delay: 200, timeout: 1000 });
  assert.equal(server.draining, true);
  assert.equal((await ask(server.port, agent)).headers.connection, "close");
  await drained;
  await assert.rejects(ask(server.port, agent), { code: "ECONNREFUSED" });
});

test("a request under way is finished, with `Connection: close`", async () => {
  let underWay: ServerResponse | undefined;
  const server = await start((_req, res) => (underWay = res));
  const answer = ask(server.port, new Agent({ keepAlive: true }));
  await eventually(() => assert.ok(underWay));
  const drained = server.drain({ delay: 0, timeout: 5000 });
  underWay!.end("ok");
  assert.equal((await answer).headers.connection, "close");
  await drained;
});

test("a request that does not end is broken off when its time is over", async () => {
  let underWay = false;
  const server = await start(() => (underWay = true));
  const answer = ask(server.port, new Agent());
  const broken = assert.rejects(answer, { code: "ECONNRESET" });
  await eventually(() => assert.ok(underWay));
  const { ms } = await timed(async () => ({ end: await server.drain({ delay: 0, timeout: 100 }) }));
  assert.ok(ms >= 95 && ms < 1000, `${ms} ms`);
  await broken;
});

test("an idle connection does not hold up the end", async () => {
  const server = await start();
  await ask(server.port, new Agent({ keepAlive: true }));
  const { ms } = await timed(async () => ({ end: await server.drain({ delay: 0, timeout: 5000 }) }));
  assert.ok(ms < 1000, `${ms} ms`);
});

test("a balancer's idle time-out of 60 s ends before the server's", async () => {
  const server = await start();
  const answer = await ask(server.port, new Agent({ keepAlive: true }));
  assert.match(String(answer.headers["keep-alive"]), /timeout=6[1-9]|timeout=[7-9]\d/);
  await server.drain(at_once);
});

for (const [name, bytes, status] of [
  ["no HTTP", "hello\r\n\r\n", 400],
  ["a header without end", `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(80 * 1024)}\r\n\r\n`, 431],
] as const) {
  test(`${name}: problem+json, too`, async () => {
    const server = await start();
    const [head = "", body = ""] = (await raw(server.port, bytes)).split("\r\n\r\n");
    assert.match(head, new RegExp(`^HTTP/1.1 ${status} `));
    assert.match(head, /application\/problem\+json/);
    assert.equal(problem.parse(JSON.parse(body)).status, status);
    await server.drain(at_once);
  });
}

test("64 kB of headers, which the balancer lets through, are taken", async () => {
  const server = await start();
  const headers = `X: ${"x".repeat(63 * 1024)}\r\nConnection: close`;
  assert.match(await raw(server.port, `GET / HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n`), /^HTTP\/1.1 200 /);
  await server.drain(at_once);
});
