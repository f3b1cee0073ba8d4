import assert from "node:assert/strict";
import { test } from "node:test";
import type { Request } from "express";
import { SignJWT, UnsecuredJWT } from "jose";
import { ownKeys } from "../../services/chassis/src/auth/published-keys.ts";
import { authenticator, requireOwner, signToken, TOKEN_LIFETIME } from "../../services/chassis/src/auth/tokens.ts";
import { Problem } from "../../services/chassis/src/problem.ts";
import { newKeys } from "../support/keys.ts";

const [keys, foreign] = [await newKeys(), await newKeys()];
const withdrawn = new Set([13]);
const authenticate = authenticator(ownKeys(keys.published), async (id) => withdrawn.has(id));

const asking = (authorization?: string) => authenticate({ headers: { authorization } } as Request);
const now = () => Math.floor(Date.now() / 1000);
const good = { iss: "forum", sub: "7", role: "member", exp: now() + 60 };

/** A token of our own making, right but for what is changed. */
const forged = (claims: Record<string, unknown>, { sign } = keys, kid = sign.kid) =>
  new SignJWT({ ...good, ...claims }).setProtectedHeader({ alg: sign.alg, kid }).sign(sign.key);

async function refusal(authorization?: string): Promise<Problem> {
  const error: unknown = await asking(authorization).catch((error: unknown) => error);
  assert.ok(error instanceof Problem, "the token was accepted");
  assert.equal(error.kind, "unauthenticated");
  return error;
}

test("a signed token speaks for its account, in its role, for an hour", async () => {
  const { token, expiresAt } = await signToken(keys, { id: 7, role: "moderator" });
  assert.deepEqual(await asking(`Bearer ${token}`), { id: 7, role: "moderator" });
  assert.ok(Math.abs(Date.parse(expiresAt) - Date.now() - TOKEN_LIFETIME * 1000) < 2000);
});

test("the scheme's name may be written in any case", async () => {
  const { token } = await signToken(keys, { id: 7, role: "member" });
  assert.equal((await asking(`bearer  ${token}`)).id, 7);
});

test("an unknown role is the lowest", async () => {
  assert.equal((await asking(`Bearer ${await forged({ role: "emperor" })}`)).role, "member");
});

test("no token: 401 that asks for one, without an error code", async () => {
  assert.deepEqual((await refusal()).headers, { "WWW-Authenticate": 'Bearer realm="api"' });
});

const { token } = await signToken(keys, { id: 7, role: "member" });
const [head, , signature] = token.split(".");
const moderator = Buffer.from(JSON.stringify({ ...good, role: "moderator" })).toString("base64url");
const bad: Record<string, string> = {
  "another scheme": `Basic ${token}`,
  "no token behind the scheme": "Bearer ",
  "two tokens": `Bearer ${token} ${token}`,
  "no JWT": "Bearer abc",
  "claims changed after signing": `Bearer ${head}.${moderator}.${signature}`,
  "no signature": `Bearer ${head}.${moderator}.`,
  "algorithm none": `Bearer ${new UnsecuredJWT(good).encode()}`,
  "a symmetric signature": `Bearer ${await new SignJWT(good)
    .setProtectedHeader({ alg: "HS256", kid: keys.sign.kid })
    .sign(Buffer.from(JSON.stringify(keys.published.keys[0])))}`,
  "a foreign key": `Bearer ${await forged({}, foreign)}`,
  "a foreign key under our id": `Bearer ${await forged({}, foreign, keys.sign.kid)}`,
  "another issuer": `Bearer ${await forged({ iss: "elsewhere" })}`,
  expired: `Bearer ${await forged({ exp: now() - 60 })}`,
  "without an expiry": `Bearer ${await forged({ exp: undefined })}`,
  "not yet valid": `Bearer ${await forged({ nbf: now() + 60 })}`,
  "without a role": `Bearer ${await forged({ role: undefined })}`,
  "without an account": `Bearer ${await forged({ sub: undefined })}`,
  "account zero": `Bearer ${await forged({ sub: "0" })}`,
  "an account that is no number": `Bearer ${await forged({ sub: "admin" })}`,
  "an account beyond all ids": `Bearer ${await forged({ sub: "9007199254740993" })}`,
  "an account that has been deleted": `Bearer ${await forged({ sub: "13" })}`,
};
for (const [name, authorization] of Object.entries(bad)) {
  test(`${name}: 401 invalid_token`, async () => {
    const { headers, message } = await refusal(authorization);
    assert.deepEqual(headers, { "WWW-Authenticate": 'Bearer realm="api", error="invalid_token"' });
    if (authorization.length > 20)
      assert.ok(!message.includes(authorization.slice(-20)), "the token is in the message");
  });
}

test("the reason that a client can do something about is told", async () => {
  assert.match((await refusal(bad["expired"])).message, /expired. Log in again/);
});

test("an author and a moderator may change a thing, others not", () => {
  requireOwner({ id: 7, role: "member" }, 7);
  requireOwner({ id: 1, role: "moderator" }, 7);
  assert.throws(() => requireOwner({ id: 8, role: "member" }, 7), { kind: "forbidden" });
});

test("a token that has been accepted is refused once its key is gone", async () => {
  let find = ownKeys(keys.published);
  const authenticate = authenticator(
    (header, token) => find(header, token),
    async () => false,
  );
  const { token } = await signToken(keys, { id: 7, role: "member" });
  const ask = () => authenticate({ headers: { authorization: `Bearer ${token}` } } as Request);
  assert.equal((await ask()).id, 7);
  assert.equal((await ask()).id, 7);
  find = ownKeys(foreign.published);
  await assert.rejects(ask(), { kind: "unauthenticated" });
});

test("a token that has been accepted is refused once it has expired", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const { token } = await signToken(keys, { id: 7, role: "member" });
  assert.equal((await asking(`Bearer ${token}`)).id, 7);
  t.mock.timers.tick((TOKEN_LIFETIME + 10) * 1000);
  await refusal(`Bearer ${token}`);
});
