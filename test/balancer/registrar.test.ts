/** Who gets requests: the rules of target groups, and how nginx is told. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { test } from "node:test";
import { questionOf, responseTo } from "../../infra/balancer/registrar/dns.ts";
import { checked, inService, newTarget, type Target } from "../../infra/balancer/registrar/health.ts";

const thresholds = { healthy: 3, unhealthy: 2 };
/** A target after these checks; `+` is a pass. */
const after = (checks: string, target: Target = newTarget("10.0.0.1")): string =>
  [...checks].reduce((target, one) => checked(target, one === "+", thresholds), target).state;

test("one pass admits a new target; it takes several checks in a row to change it after", () => {
  assert.equal(after(""), "initial");
  assert.equal(after("+"), "healthy");
  assert.equal(after("+-"), "healthy");
  assert.equal(after("+-+-+-"), "healthy");
  assert.equal(after("+--"), "unhealthy");
  assert.equal(after("+--++"), "unhealthy");
  assert.equal(after("+--++-++"), "unhealthy");
  assert.equal(after("+--+++"), "healthy");
});

test("a new target that never passes becomes unhealthy, and has to pass as often as one that has fallen", () => {
  assert.equal(after("-"), "initial");
  assert.equal(after("-+"), "healthy");
  assert.equal(after("--"), "unhealthy");
  assert.equal(after("--+"), "unhealthy");
  assert.equal(after("--+++"), "healthy");
});

test("requests go to healthy targets only; where there are none, to all of them", () => {
  const target = (address: string, state: Target["state"]): Target => ({ address, state, against: 0 });
  const [a, b, c] = [target("a", "healthy"), target("b", "unhealthy"), target("c", "initial")];
  assert.deepEqual(inService([a, b, c]), ["a"]);
  assert.deepEqual(inService([b, c]), ["b", "c"]);
  assert.deepEqual(inService([]), []);
});

test("a resolver understands the answers: several addresses, none, and another type than IPv4", async () => {
  const addresses: Record<string, string[]> = { "posts.forum.local": ["10.0.0.1", "172.18.255.3"] };
  const socket = createSocket("udp4", (query, { port, address }) => {
    socket.send(responseTo(query, addresses[questionOf(query).name] ?? []), port, address);
  }).bind(0, "127.0.0.1");
  await once(socket, "listening");
  const resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  assert.deepEqual(await resolver.resolve4("Posts.forum.local"), addresses["posts.forum.local"]);
  await assert.rejects(resolver.resolve4("likes.forum.local"), { code: "ENOTFOUND" });
  await assert.rejects(resolver.resolve6("posts.forum.local"), { code: "ENODATA" });
  socket.close();
});

test("what is no query is an error, not a loop", () => {
  for (const bytes of [[], [1, 2, 3], Array(13).fill(63)])
    assert.throws(() => questionOf(Buffer.from(bytes)), RangeError);
});
