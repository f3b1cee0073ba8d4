/** Keys of a peer: fetched, kept while it is away, fetched again for a key that nobody knows yet. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Request } from "express";
import { peerKeys } from "../../services/chassis/src/auth/published-keys.ts";
import { authenticator, signToken } from "../../services/chassis/src/auth/tokens.ts";
import { createLog } from "../../services/chassis/src/log.ts";
import { unavailable } from "../../services/chassis/src/problem.ts";
import { eventually } from "../support/eventually.ts";
import { newKeys } from "../support/keys.ts";

const [one, other, foreign] = [await newKeys(), await newKeys(), await newKeys()];

/** A service that checks tokens with the keys of a peer, which has `published` or is away. */
function checking(t: TestContext, published: unknown) {
  const peer = { published, fetches: 0 };
  const get = async () => {
    peer.fetches++;
    if (peer.published === undefined) throw unavailable("away");
    return { status: 200, body: peer.published };
  };
  const post = () => assert.fail("nothing is written");
  const keys = peerKeys({ get, post, close: async () => {} }, "/keys", createLog("test", "silent"));
  t.after(keys.stop);
  const authenticate = authenticator(keys.find, async () => false);
  const check = async (signer: typeof one) => {
    const { token } = await signToken(signer, { id: 7, role: "member" });
    return authenticate({ headers: { authorization: `Bearer ${token}` } } as Request);
  };
  return { peer, check };
}

test("keys are fetched at the start, once for many tokens", async (t) => {
  const { peer, check } = checking(t, one.published);
  await Promise.all(Array.from({ length: 20 }, () => check(one)));
  assert.equal(peer.fetches, 1);
});

test("without any key yet: 503, not 401, for the token may well be right; and well as soon as the peer is", async (t) => {
  const { peer, check } = checking(t, undefined);
  await assert.rejects(check(one), { kind: "unavailable" });
  peer.published = one.published;
  assert.equal((await check(one)).id, 7);
});

test("an answer that is no key set is like none", async (t) => {
  const { peer, check } = checking(t, { keys: "none" });
  await assert.rejects(check(one), { kind: "unavailable" });
  peer.published = one.published;
  assert.equal((await check(one)).id, 7);
});

test("the last keys are kept while the peer is away", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval", "Date"], now: Date.now() });
  const { peer, check } = checking(t, one.published);
  await check(one);
  peer.published = undefined;
  t.mock.timers.tick(31_000);
  await eventually(() => assert.equal(peer.fetches, 2));
  assert.equal((await check(one)).id, 7);
});

test("an unknown key is asked for at once, but at most every two seconds: made-up ones cost no more", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const { peer, check } = checking(t, one.published);
  await check(one);
  for (let n = 0; n < 5; n++) await assert.rejects(check(foreign), { kind: "unauthenticated" });
  assert.equal(peer.fetches, 1);

  peer.published = { keys: [...one.published.keys, ...other.published.keys] };
  t.mock.timers.tick(2100);
  assert.equal((await check(other)).id, 7);
  for (let n = 0; n < 5; n++) await assert.rejects(check(foreign), { kind: "unauthenticated" });
  assert.equal(peer.fetches, 2);
});
