/**
 * What holds on an Application Load Balancer, as tests. They run against the gateway and against nginx, in front of the
 * forum's rules with echo targets in the four target groups.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect, isIP } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { echoOf, type Echo } from "./echo-target.ts";
import { rawRequest, send, type RawResponse } from "./raw-client.ts";

/** A running balancer. */
export interface Balancer {
  /** TCP port on 127.0.0.1 that reaches it. */
  port: number;
  /** Port that it listens on itself; another one where a container's port is published. */
  listenerPort: number;
}

type Headers = Record<string, string>;

/** Registers the tests; `balancer` is called in each of them, once it runs. */
export function behavesLikeAlb(balancer: () => Balancer): void {
  const ask = (requestLine: string, headers: Headers = {}, body = ""): Promise<RawResponse> =>
    send(balancer().port, rawRequest(requestLine, Object.entries({ Host: "forum.example", ...headers }), body));
  const get = (url: string, headers: Headers = {}) => ask(`GET ${url} HTTP/1.1`, headers);
  const echo = async (url: string, headers: Headers = {}): Promise<Echo> => echoOf((await get(url, headers)).body);

  test("the path says who answers", async () => {
    const answers: Headers = {
      "/api/users": "users",
      "/api/users/": "users",
      "/api/users?x=1": "users",
      "/api/user": "monolith",
      "/API/users": "monolith",
      "/x?p=/api/users": "monolith",
      "/": "monolith",
      "/api/threads/9/posts": "threads",
      "/api/posts": "posts",
      "/health": "monolith",
    };
    for (const [url, target] of Object.entries(answers)) assert.equal((await echo(url)).target, target, url);
  });

  test("the target gets the URL byte for byte", async () => {
    const urls = ["/api/users/a%2Fb//c?q=%26", "/a/./b/../c;d=%e9?{}|\\^`\"<>'", "/?", "/x?a=%zz&b=[1]#c"];
    for (const url of urls) assert.equal((await echo(url)).url, url);
  });

  test("X-Forwarded-For grows by the client's address; Proto and Port say what the balancer saw", async () => {
    const { headers: plain } = await echo("/");
    const client = plain["x-forwarded-for"] ?? "";
    assert.notEqual(isIP(client), 0, client);
    const { headers } = await echo("/", {
      "X-Forwarded-For": "a, b",
      "X-Forwarded-Proto": "https",
      "X-Forwarded-Port": "1",
    });
    assert.equal(headers["x-forwarded-for"], `a, b, ${client}`);
    assert.equal(headers["x-forwarded-proto"], "http");
    assert.equal(headers["x-forwarded-port"], String(balancer().listenerPort));
  });

  test("Host reaches the target in lower case, with the port of a listener that is not on a default port", async () => {
    assert.equal(
      (await echo("/", { Host: "Forum.EXAMPLE" })).headers["host"],
      `forum.example:${balancer().listenerPort}`,
    );
    assert.equal((await echo("/", { Host: "Forum.EXAMPLE:81" })).headers["host"], "forum.example:81");
  });

  test("X-Amzn-Trace-Id: a new Root within 3 seconds of now, or a Self before the client's Root", async () => {
    const { headers } = await echo("/");
    const [, seconds] = /^Root=1-([0-9a-f]{8})-[0-9a-f]{24}$/.exec(headers["x-amzn-trace-id"] ?? "") ?? [];
    assert(Math.abs(parseInt(seconds ?? "", 16) - Date.now() / 1000) < 3, headers["x-amzn-trace-id"]);
    const root = "Root=1-67891233-abcdef012345678912345678;CalledFrom=app";
    const again = await echo("/", { "X-Amzn-Trace-Id": `Self=1-67891233-000000000000000000000000;${root}` });
    assert.match(
      again.headers["x-amzn-trace-id"] ?? "",
      new RegExp(`^Self=1-[0-9a-f]{8}-(?!0{24})[0-9a-f]{24};${root}$`),
    );
  });

  test("headers of the client's connection stay with it; all others pass", async () => {
    const { headers } = await echo("/", {
      TE: "trailers",
      "Keep-Alive": "timeout=1",
      "X_Under.score": "kept",
      Cookie: "a=1",
    });
    for (const name of ["te", "keep-alive", "upgrade"]) assert.equal(headers[name], undefined, name);
    assert.equal(headers["x_under.score"], "kept");
    assert.equal(headers["cookie"], "a=1");
  });

  test("the balancer's own answers", async () => {
    const tooMany = Array.from({ length: 31 }, () => "10.0.0.1").join(", ");
    const answers: [RawResponse, number, string][] = [
      [await ask("TRACE / HTTP/1.1"), 405, "Not Allowed"],
      [await get(`/?${"x".repeat(17_000)}`), 414, "Request-URI Too Large"],
      [await get("/", { Big: "x".repeat(17_000) }), 400, "Bad Request"],
      [await get("/%00"), 400, "Bad Request"],
      [await ask("GET /a b HTTP/1.1"), 400, "Bad Request"],
      [await ask("nonsense"), 400, "Bad Request"],
      [await get("/", { "X-Forwarded-For": tooMany }), 463, ""],
      [await get("/", { "Transfer-Encoding": "gzip" }), 501, "Not Implemented"],
      [await get("/", { "X-Echo": "reset" }), 502, "Bad Gateway"],
    ];
    for (const [response, status, reason] of answers) {
      assert.deepEqual([response.status, response.reason], [status, reason]);
      assert.equal(response.headers["server"], "awselb/2.0");
      assert.match(response.headers["content-type"] ?? "", /^text\/html/);
      const title = `${status} ${reason}`;
      const page = [
        `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`,
      ];
      assert.equal(response.body, page.join(""), String(status));
      assert.equal(response.headers["content-length"], String(response.body.length));
    }
  });

  test("a HEAD request gets no error page", async () => {
    const { status, body } = await ask("HEAD /%00 HTTP/1.1");
    assert.deepEqual([status, body], [400, ""]);
  });

  test("what a target says passes unchanged", async () => {
    const unavailable = await get("/", { "X-Echo": "unavailable" });
    assert.deepEqual(
      [unavailable.status, unavailable.headers["content-type"], unavailable.body],
      [503, "application/problem+json", '{"title":"busy"}'],
    );
    assert.equal(unavailable.headers["server"], undefined);
    const { status, headers } = await get("/", { "X-Echo": "commands" });
    assert.deepEqual([status, headers["x-accel-redirect"], headers["server"]], [200, "/elsewhere", "echo/1.0"]);
  });

  test("an HTTP/1.0 client needs no Host", async () => {
    const { status, body } = await send(balancer().port, "GET /api/users HTTP/1.0\r\n\r\n");
    assert.equal(status, 200);
    assert.deepEqual(echoOf(body).headers["host"], `alb.local:${balancer().listenerPort}`);
  });

  test("a POST without a body reaches the target without one", async () => {
    const received = echoOf((await ask("POST /api/users HTTP/1.1")).body);
    assert.deepEqual(
      [received.method, received.bodyLength, received.headers["transfer-encoding"]],
      ["POST", 0, undefined],
    );
  });

  test("requests to targets reuse connections", async () => {
    using agent = keepAliveAgent();
    const connections = new Set<number>();
    for (let count = 0; count < 3; count++) {
      const sent = request({ port: balancer().port, agent, path: "/api/users" }).end();
      const [response] = await once(sent, "response");
      connections.add(echoOf(await text(response)).connection);
    }
    assert.equal(connections.size, 1);
  });

  test("bodies stream both ways, piece by piece", async () => {
    const headers = { "X-Echo": "mirror", "Transfer-Encoding": "chunked" };
    const sent = request({ port: balancer().port, method: "POST", headers, agent: false });
    sent.write("one");
    const [response] = await once(sent, "response");
    assert.equal(String((await once(response, "data"))[0]), "one");
    sent.write("two");
    assert.equal(String((await once(response, "data"))[0]), "two");
    sent.end();
    await once(response, "end");
  });

  test("server-sent events arrive as they are sent", async () => {
    const headers = { "X-Echo": "events", "Content-Length": "1" };
    const sent = request({ port: balancer().port, method: "POST", headers, agent: false });
    sent.flushHeaders();
    const [response] = await once(sent, "response");
    assert.equal(response.headers["content-type"], "text/event-stream");
    assert.equal(String((await once(response, "data"))[0]), "data: first\n\n");
    sent.end("x");
    assert.equal(String((await once(response, "data"))[0]), "data: last\n\n");
  });

  test("a large body arrives whole", async () => {
    const sent = request({ port: balancer().port, method: "POST", agent: false }).end(Buffer.alloc(5_000_000));
    const [response] = await once(sent, "response");
    assert.equal(echoOf(await text(response)).bodyLength, 5_000_000);
  });

  test("Expect: 100-continue is answered by the balancer", async () => {
    const headers = { Expect: "100-continue", "Content-Length": "2" };
    const sent = request({ port: balancer().port, method: "POST", headers, agent: false });
    sent.flushHeaders();
    await once(sent, "continue");
    sent.end("hi");
    const [response] = await once(sent, "response");
    const received = echoOf(await text(response));
    assert.deepEqual([received.headers["expect"], received.bodyLength], [undefined, 2]);
  });

  test("a WebSocket passes both ways", async () => {
    const headers = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Key": "x" };
    const sent = request({ port: balancer().port, path: "/api/posts//%2f?live", headers, agent: false }).end();
    const [response, socket] = await once(sent, "upgrade");
    assert.equal(response.statusCode, 101);
    assert.equal(response.headers["x-url"], "/api/posts//%2f?live");
    for (const message of ["ping", "pong"]) {
      socket.write(message);
      assert.equal(String((await once(socket, "data"))[0]), message);
    }
    socket.destroy();
  });

  test("an upgrade to another protocol is an ordinary request", async () => {
    const socket = connect(balancer().port);
    socket.write("GET /api/users HTTP/1.1\r\nHost: x\r\nConnection: upgrade, close\r\nUpgrade: h2c\r\n\r\n");
    assert.match(await text(socket), /^HTTP\/1.1 200 OK\r\n/);
  });

  test("pipelined requests are answered in their order", async () => {
    const socket = connect(balancer().port);
    const urls = ["/api/users", "/api/posts", "/"];
    for (const url of urls.slice(0, 2)) socket.write(`GET ${url} HTTP/1.1\r\nHost: x\r\n\r\n`);
    socket.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const answers = await text(socket);
    assert.deepEqual(
      [...answers.matchAll(/"target":"(\w+)"/g)].map(([, target]) => target),
      ["users", "posts", "monolith"],
    );
  });
}

function keepAliveAgent(): Agent & Disposable {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return Object.assign(agent, { [Symbol.dispose]: () => agent.destroy() });
}
