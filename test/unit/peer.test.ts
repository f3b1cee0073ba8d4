import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { describe, test } from "node:test";
import { createPeer } from "../../services/chassis/src/peer.ts";
import { Problem } from "../../services/chassis/src/problem.ts";
import { inTrace } from "../../services/chassis/src/trace.ts";
import { eventually } from "../support/eventually.ts";
import { listening } from "../support/loopback.ts";

/** A server that counts its requests, and a peer that asks it. */
async function between(answer: RequestListener, peerUrl?: (port: number) => string) {
  const server = await listening(answer);
  const peer = createPeer("things", peerUrl?.(server.port) ?? server.url);
  return { server, peer, [Symbol.asyncDispose]: async () => (await peer.close(), await server.close()) };
}

async function refusal(asked: Promise<unknown>): Promise<Problem & { ms: number }> {
  const begin = performance.now();
  const error: unknown = await asked.catch((error: unknown) => error);
  assert.ok(error instanceof Problem, "there was an answer");
  assert.equal(error.kind, "unavailable");
  assert.equal(error.headers["Retry-After"], "1");
  assert.equal(error.message, "The things service does not answer. Try again shortly.");
  return Object.assign(error, { ms: performance.now() - begin });
}

// Most of them wait for times to pass: side by side they take as long as the longest.
describe("a peer", { concurrency: true }, () => {
  test("an answer comes with its status and its body, also 404", async () => {
    await using it = await between((req, res) => res.writeHead(req.url === "/a" ? 200 : 404).end('{"a":1}'));
    assert.deepEqual(await it.peer.get("/a"), { status: 200, body: { a: 1 } });
    assert.deepEqual(await it.peer.get("/b"), { status: 404, body: { a: 1 } });
  });

  test("an empty answer has no body", async () => {
    await using it = await between((_req, res) => res.writeHead(204).end());
    assert.deepEqual(await it.peer.post("/", {}), { status: 204, body: undefined });
  });

  test("a write sends JSON, the caller's headers and the trace of the request at hand", async () => {
    let body = "";
    await using it = await between((req, res) => {
      req.on("data", (chunk) => (body += String(chunk))).on("end", () => res.end());
    });
    const trace = { id: "0af7651916cd43dd8448eb211c80319c", flags: "01" };
    await inTrace(trace, () => it.peer.post("/things", { a: 1 }, { authorization: "Bearer x" }));
    const { headers, method } = it.server.requests[0]!;
    assert.equal(method, "POST");
    assert.equal(body, '{"a":1}');
    assert.equal(headers["content-type"], "application/json");
    assert.equal(headers.authorization, "Bearer x");
    assert.ok(headers["traceparent"]?.includes(trace.id));
    assert.equal(headers["x-amzn-trace-id"], "Root=1-0af76519-16cd43dd8448eb211c80319c");
  });

  test("a read that fails once is tried again", async () => {
    let n = 0;
    await using it = await between((_req, res) => res.writeHead(n++ === 0 ? 500 : 200).end("{}"));
    assert.equal((await it.peer.get("/")).status, 200);
    assert.equal(it.server.requests.length, 2);
  });

  test("a write is tried once: it may have been done", async () => {
    await using it = await between((_req, res) => res.writeHead(500).end());
    await refusal(it.peer.post("/", {}));
    assert.equal(it.server.requests.length, 1);
  });

  test("a peer that takes the question and never answers: two tries of 1 s", async () => {
    await using it = await between(() => {});
    const { ms } = await refusal(it.peer.get("/"));
    assert.equal(it.server.requests.length, 2);
    assert.ok(ms > 1900 && ms < 2500, `${ms} ms`);
  });

  test("an answer that begins and does not end runs into the same time-out", async () => {
    await using it = await between((_req, res) => void res.writeHead(200).write('{"a":'));
    assert.ok((await refusal(it.peer.post("/", {}))).ms < 1500);
  });

  for (const [name, answer] of Object.entries({
    "no JSON": "<html>",
    "more than a megabyte": JSON.stringify("x".repeat(1024 * 1024)),
  })) {
    test(`an answer of ${name} is like none`, async () => {
      await using it = await between((_req, res) => res.end(answer));
      await refusal(it.peer.post("/", {}));
    });
  }

  test("five failures in a row: nobody is asked for 2 s; then one try decides", async () => {
    let status = 500;
    await using it = await between((_req, res) => res.writeHead(status).end("{}"));
    // Two tries a read, and the fifth failure is the first try of the third.
    for (let n = 0; n < 3; n++) await refusal(it.peer.get("/"));
    const { ms } = await refusal(it.peer.get("/"));
    assert.ok(ms < 50, `${ms} ms`);
    assert.equal(it.server.requests.length, 5);

    // Half open: a failure closes the door again at once.
    await eventually(async () => {
      await refusal(it.peer.get("/"));
      assert.equal(it.server.requests.length, 6);
    });
    await refusal(it.peer.get("/"));
    assert.equal(it.server.requests.length, 6);

    // Writes in the background have a schedule of their own.
    await refusal(it.peer.post("/", {}));
    assert.equal(it.server.requests.length, 7);

    status = 200;
    await eventually(() => it.peer.get("/"), 4000);
    await it.peer.get("/");
  });

  test("a 4xx is an answer: it opens no breaker", async () => {
    await using it = await between((_req, res) => res.writeHead(404).end());
    for (let n = 0; n < 8; n++) assert.equal((await it.peer.get("/")).status, 404);
  });

  test("a name whose addresses do not all answer, as `localhost` by IPv6 here, is reached by IPv4", async () => {
    await using it = await between(
      (_req, res) => res.end("{}"),
      (port) => `http://localhost:${port}`,
    );
    for (let n = 0; n < 6; n++) assert.equal((await it.peer.get("/")).status, 200);
  });

  test("nobody listens: 503 at once", async () => {
    const { url, close } = await listening(() => {});
    await close();
    const peer = createPeer("things", url);
    assert.ok((await refusal(peer.get("/"))).ms < 500);
    await peer.close();
  });
});
