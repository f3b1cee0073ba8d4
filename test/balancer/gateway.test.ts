import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request } from "node:http";
import { connect, createServer as createTcpServer } from "node:net";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import * as fc from "fast-check";
import { createGateway, type GatewayOptions } from "../../infra/balancer/gateway.ts";
import { forwardTo, listenerRules, type RuleTable } from "../../infra/balancer/rules.ts";
import { forum } from "../../infra/forum.ts";
import { listen } from "../support/loopback.ts";
import { assertAgreement } from "./agreement.ts";
import { behavesLikeAlb, type Balancer } from "./alb-behaviour.ts";
import { echoOf, echoServer } from "./echo-target.ts";
import { localTargets } from "./local-targets.ts";
import { oddRequest } from "./odd-requests.ts";
import { everyConditionTable, oddTable } from "./odd-tables.ts";
import { get } from "./raw-client.ts";

const everythingTo = (targetGroup: string): RuleTable => ({ rules: [], defaultAction: forwardTo(targetGroup) });

/** A gateway that forwards everything to the group `a`, with these targets in it. */
async function gatewayTo(a: readonly URL[], options: Partial<GatewayOptions> = {}) {
  const gateway = createGateway({ rules: everythingTo("a"), targets: { a }, ...options });
  const { port, ...rest } = await listen(gateway.server);
  return { gateway, port, ...rest };
}

describe("like an Application Load Balancer", () => {
  const stack = new AsyncDisposableStack();
  let balancer: Balancer;
  before(async () => {
    const targets = await localTargets(stack);
    const { port } = stack.use(await listen(createGateway({ rules: listenerRules(forum), targets }).server));
    balancer = { port, listenerPort: port };
  });
  after(() => stack.disposeAsync());
  behavesLikeAlb(() => balancer);
});

test("targets of a group take turns, and can be replaced while the gateway runs", async () => {
  await using one = await listen(echoServer("one"));
  await using two = await listen(echoServer("two"));
  await using running = await gatewayTo([one.url, two.url]);
  const who = async () => echoOf((await get(running.port)).body).target;
  assert.deepEqual([await who(), await who(), await who()], ["one", "two", "one"]);
  running.gateway.setTargets({ a: [two.url] });
  assert.deepEqual([await who(), await who()], ["two", "two"]);
});

test("weights draw the target group", async () => {
  await using one = await listen(echoServer("one"));
  await using two = await listen(echoServer("two"));
  const targetGroups = [
    { targetGroup: "never", weight: 0 },
    { targetGroup: "one", weight: 25 },
    { targetGroup: "two", weight: 75 },
  ];
  const draws = [0, 0.2499, 0.25, 0.9999];
  await using running = await gatewayTo([], {
    rules: { rules: [], defaultAction: { type: "forward", targetGroups } },
    targets: { never: [], one: [one.url], two: [two.url] },
    random: () => draws.shift() ?? 0,
  });
  const who = async () => echoOf((await get(running.port)).body).target;
  assert.deepEqual([await who(), await who(), await who(), await who()], ["one", "one", "two", "two"]);
});

test("a group without targets answers 503, also to a WebSocket", async () => {
  await using running = await gatewayTo([]);
  const { status, body } = await get(running.port);
  assert.deepEqual([status, body.length], [503, 162]);
  assert.equal((await upgrade(running.port)).slice(0, 12), "HTTP/1.1 503");
});

test("a target that refuses or resets the connection makes a 502, also for a WebSocket", async () => {
  await using gone = await listen(createServer());
  await gone[Symbol.asyncDispose]();
  await using resetting = await listen(createTcpServer((socket) => socket.resetAndDestroy()));
  for (const url of [gone.url, resetting.url]) {
    await using running = await gatewayTo([url]);
    const { status, body } = await get(running.port);
    assert.deepEqual([status, body.length], [502, 122]);
    assert.equal((await upgrade(running.port)).slice(0, 12), "HTTP/1.1 502");
  }
});

test("a target that stays silent makes a 504, also for a WebSocket", async () => {
  await using silent = await listen(createServer(() => {}).on("upgrade", () => {}));
  await using running = await gatewayTo([silent.url], { idleTimeout: 50 });
  assert.equal((await get(running.port)).status, 504);
  assert.equal((await upgrade(running.port)).slice(0, 12), "HTTP/1.1 504");
});

test("a target that does not accept the connection in time makes a 504", async () => {
  // 192.0.2.0/24 is for documentation: nothing answers there, and a network that says so at once makes a 502.
  await using running = await gatewayTo([new URL("http://192.0.2.1:9")], { connectTimeout: 50 });
  assert([502, 504].includes((await get(running.port)).status));
});

test("a WebSocket that stays silent is closed", async () => {
  await using target = await listen(echoServer("a"));
  await using running = await gatewayTo([target.url], { idleTimeout: 50 });
  assert.match(await upgrade(running.port), /^HTTP\/1.1 101 /);
});

test("an answer that breaks off breaks off for the client", async () => {
  const broken = createServer((incoming, response) => {
    response.writeHead(200, { "Content-Length": "10" });
    response.write("half", () => incoming.socket.destroy());
  });
  await using target = await listen(broken);
  await using running = await gatewayTo([target.url]);
  const sent = request({ port: running.port, agent: false }).end();
  const [response] = await once(sent, "response");
  await assert.rejects(text(response), { code: "ECONNRESET" });
});

test("a client that leaves takes its request to the target with it", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  await using target = await listen(
    createServer((incoming) => {
      incoming.socket.on("close", () => leave());
      arrive();
    }),
  );
  await using running = await gatewayTo([target.url]);
  const sent = request({ port: running.port, agent: false }).on("error", () => {});
  sent.end();
  await arrived;
  sent.destroy();
  await left;
});

test("a target's WebSocket refusal reaches the client", async () => {
  await using target = await listen(
    createServer().on("upgrade", (_incoming, socket) => {
      socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
    }),
  );
  await using running = await gatewayTo([target.url]);
  assert.match(await upgrade(running.port), /^HTTP\/1.1 403 Forbidden\r\n[^]*\r\n\r\nno$/);
});

test("an answer before the request's end is passed on", async () => {
  await using target = await listen(createServer((_incoming, response) => response.writeHead(413).end("too large")));
  await using running = await gatewayTo([target.url]);
  const sent = request({ port: running.port, method: "POST", agent: false });
  sent.on("error", () => {});
  sent.write("x".repeat(100_000));
  const [response] = await once(sent, "response");
  assert.deepEqual([response.statusCode, await text(response)], [413, "too large"]);
  sent.destroy();
});

test("closing finishes what is under way and ends idle connections and WebSockets", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<() => void>();
  await using target = await listen(
    echoServer("a")
      .on("request", () => {})
      .prependListener("request", (incoming, response) => {
        if (incoming.url === "/slow") arrive(() => response.end());
      }),
  );
  await using running = await gatewayTo([target.url]);
  const socket = connect(running.port);
  socket.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  await once(socket, "data");
  const slow = request({ port: running.port, path: "/slow", headers: { "X-Echo": "silent" } }).end();
  const finish = await arrived;
  const closed = running.gateway.close();
  const refused = request({ port: running.port }).end();
  assert.equal((await once(refused, "error"))[0].code, "ECONNREFUSED");
  finish();
  const [response] = await once(slow, "response");
  assert.deepEqual([response.statusCode, response.headers.connection], [200, "close"]);
  response.resume();
  await closed;
  assert(socket.closed || (await once(socket, "close")));
});

test("odd requests get what the evaluator says, on the forum's rules and on arbitrary ones", async () => {
  await using stack = new AsyncDisposableStack();
  const targets = await localTargets(stack);
  for (const rules of [listenerRules(forum), everyConditionTable, ...fc.sample(oddTable, 8)]) {
    const { port } = stack.use(await listen(createGateway({ rules, targets }).server));
    const subject = { port, listenerPort: port, clientIp: "127.0.0.1", isNode: true };
    await fc.assert(
      fc.asyncProperty(fc.constant(rules), oddRequest, (table, odd) => assertAgreement(table, subject, odd)),
      { numRuns: 200 },
    );
  }
});

test("malformed bytes, at any time, do no harm", async () => {
  await using target = await listen(echoServer("a"));
  await using running = await gatewayTo([target.url]);
  const post = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n";
  for (const bytes of ["\x00", "GET", `${post}\r\nzz\r\n`, `${post}X-Echo: mirror\r\n\r\n1\r\na\r\nzz\r\n`]) {
    const socket = connect(running.port);
    socket.end(bytes, "latin1");
    assert.match((await text(socket)) || "HTTP/1.1 400", /^HTTP\/1.1 [24]00/);
  }
  assert.equal((await get(running.port)).status, 200);
});

/** Asks for a WebSocket and reads until the connection ends. */
async function upgrade(port: number): Promise<string> {
  const socket = connect(port);
  socket.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  return text(socket);
}
