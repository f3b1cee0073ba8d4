/** Requests at the side that does not own a module: passed on untouched, never round in circles, never lost. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { openHome } from "../../infra/cutover/database/home.ts";
import { readCounters } from "../../infra/cutover/live/counters.ts";
import { httpSource } from "../../infra/cutover/live/metrics.ts";
import { modulesNamed } from "../../infra/cutover/module.ts";
import { prepare } from "../../infra/cutover/steps/prepare.ts";
import { assertUnavailable, get, newMember, newThread, send, tryToPost } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { startForum } from "../support/forum.ts";

const services = ["monolith", "users", "threads", "posts"];
const forum = await startForum(services, { FIRST_OWNER: "monolith" });
const monolith = forum.serviceUrl("monolith");
const posts = forum.serviceUrl("posts");
const member = await newMember(monolith);
const thread = await newThread(monolith, member);

const setOwner = (database: string, owner: string) =>
  forum.postgres.query(database, "UPDATE ownership SET owner = $1 WHERE module = 'posts'", [owner]);

describe("while the monolith owns posts and nothing is copied yet", () => {
  it("the service passes reads and writes on", async () => {
    const { status, body, headers } = await tryToPost(posts, member, thread.id, "through the service");
    assert.equal(status, 201);
    assert.equal(headers["x-served-by"], "posts@monolith");
    const { id } = body as { id: number };
    const read = await get(`${posts}/api/posts/${id}`);
    assert.deepEqual([read.body, read.headers["x-served-by"]], [body, "posts@monolith"]);
    assert.equal(read.headers["set-cookie"], undefined);
  });

  it("answers are those of the owner: status, headers, body", async () => {
    const path = `/api/posts/in-thread/${thread.id}`;
    const { token } = member;
    const json = { "content-type": "application/json" };
    const requests: [Parameters<typeof send>[0], string, Parameters<typeof send>[2]?][] = [
      ["GET", `${path}?limit=1`],
      ["GET", `${path}?limit=x`],
      ["GET", "/api/posts/0"],
      ["POST", path, { body: { text: "no token" } }],
      ["POST", path, { token, body: { text: "" } }],
      ["POST", path, { token, body: { text: "x".repeat(200_000) } }],
      ["POST", path, { token, body: "no object", headers: json }],
      ["POST", path, { token, headers: { "content-type": "text/plain" } }],
      ["POST", "/api/posts/in-thread/99999999", { token, body: { text: "nowhere" } }],
      ["PATCH", path, { token, body: {} }],
      ["DELETE", "/api/posts/99999999", { token }],
    ];
    for (const [method, address, sent = {}] of requests) {
      // The same host, as behind a balancer: links are made from it.
      const from = async (side: string) => {
        const headers = { ...sent.headers, host: "forum.example" };
        return normal(await send(method, side + address, { ...sent, headers }));
      };
      assert.deepEqual(await from(posts), await from(monolith), `${method} ${address}`);
    }
  });

  it("the trace goes along", async () => {
    const id = randomBytes(16).toString("hex");
    const headers = { traceparent: `00-${id}-${randomBytes(8).toString("hex")}-01` };
    const { body } = await send("GET", `${posts}/api/posts/0`, { headers });
    assert.equal((body as { traceId: string }).traceId, id);
    for (const name of ["posts", "monolith"]) {
      await eventually(() =>
        assert.ok(
          forum.output.some((line) => line.startsWith(name) && line.includes(id)),
          name,
        ),
      );
    }
  });

  it("what was passed on is counted once, where the balancer sent it", async () => {
    const counted = async () => {
      const sides = ["monolith", "posts"].map(async (name) => {
        const [task] = await httpSource("service", ["posts"], () => [forum.world.addresses[name]!.metrics]).read(
          AbortSignal.timeout(5000),
        );
        return readCounters(task!.text, ["posts"]).modules.get("posts")!.requests;
      });
      return Promise.all(sides);
    };
    const [atMonolith, atService] = await counted();
    const headers = { "x-forwarded-for": "192.0.2.1" };
    for (let n = 0; n < 3; n++) await send("GET", `${posts}/api/posts?limit=1`, { headers });
    await send("GET", `${posts}/api/posts?limit=1`);
    // A request is counted when its connection is done with it, which may be after its answer has come.
    await eventually(async () => assert.deepEqual(await counted(), [atMonolith, atService! + 3]));
  });

  it("what was passed on is not passed on again", async () => {
    const headers = { "x-handed-on": "1" };
    const { status } = await send("DELETE", `${posts}/api/posts/1`, { token: member.token, headers });
    assert.equal(status, 421);
  });

  it("a post into a thread that was just opened elsewhere finds it", async () => {
    const fresh = await newThread(forum.serviceUrl("threads"), member);
    const { status } = await tryToPost(posts, member, fresh.id);
    assert.equal(status, 201);
  });
});

describe("while nobody owns posts", () => {
  it("writes wait, and are done when the handover is finished", async () => {
    await setOwner("monolith", "service");
    const waiting = tryToPost(monolith, member, thread.id, "waits");
    await setOwner("monolith", "monolith");
    const { status, headers } = await waiting;
    assert.deepEqual([status, headers["x-served-by"]], [201, "posts@monolith"]);
  });

  it("they are refused in the end, with nothing written", async () => {
    const before = await forum.postgres.query("monolith", "SELECT count(*) FROM posts");
    await setOwner("monolith", "service");
    assertUnavailable(await tryToPost(monolith, member, thread.id, "refused"));
    await setOwner("monolith", "monolith");
    assert.deepEqual(await forum.postgres.query("monolith", "SELECT count(*) FROM posts"), before);
  });
});

describe("while the service has a whole copy", () => {
  const [module] = modulesNamed("posts");
  const home = (side: "monolith" | "service", database: string) =>
    openHome(side, { url: forum.postgres.server.adminUrl.replace(/postgres$/, database) });

  it("it answers who has seen nothing newer, and asks the owner for who has", async () => {
    const homes = { monolith: home("monolith", "monolith"), service: home("service", "posts") };
    await prepare(homes, module!, () => {});
    await Promise.all([homes.monolith.close(), homes.service.close()]);
    const side = async (headers: Record<string, string> = {}) => {
      const answer = await send("GET", `${posts}/api/posts?limit=1`, { headers });
      return answer.headers["x-served-by"];
    };
    await eventually(async () => assert.equal(await side(), "posts@service"));
    assert.equal(await side({ "cache-control": "no-cache" }), "posts@monolith");
    assert.equal(await side({ cookie: `a=b; seen=${Date.now() + 60_000}` }), "posts@monolith");
    assert.equal(await side({ cookie: `seen=${Date.now() - 5000}` }), "posts@service");

    const written = await tryToPost(posts, member, thread.id, "read your writes");
    const cookie = /seen=\d+/.exec(String(written.headers["set-cookie"]))?.[0] ?? "";
    const { id } = written.body as { id: number };
    const { status, body } = await send("GET", `${posts}/api/posts/${id}`, { headers: { cookie } });
    assert.deepEqual([status, body], [200, written.body]);
  });

  it("reading goes on while the owner is away; writing says so", async () => {
    await forum.child("monolith").kill();
    const { status, headers } = await get(`${posts}/api/posts?limit=1`);
    assert.deepEqual([status, headers["x-served-by"]], [200, "posts@service"]);
    assertUnavailable(await tryToPost(posts, member, thread.id));
    await forum.world.start("monolith");
    assert.equal((await tryToPost(posts, member, thread.id)).status, 201);
  });
});

/** An answer without what is new in each. */
function normal({ status, headers, body }: Awaited<ReturnType<typeof send>>) {
  const { date: _date, "keep-alive": _keepAlive, connection: _connection, ...rest } = headers;
  const text = JSON.stringify(body).replace(/"traceId":"\w+"/, "");
  return { status, headers: { ...rest, "content-length": undefined }, body: text };
}
