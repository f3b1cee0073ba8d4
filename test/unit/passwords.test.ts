import assert from "node:assert/strict";
import { argon2Sync } from "node:crypto";
import { test } from "node:test";
import { hashPassword, verifyPassword } from "../../services/chassis/src/auth/passwords.ts";

const password = "correct horse battery staple";

test("a password is known again, another one is not", async () => {
  const hash = await hashPassword(password);
  assert.ok(await verifyPassword(password, hash));
  for (const wrong of ["", `${password} `, password.toUpperCase(), hash]) {
    assert.ok(!(await verifyPassword(wrong, hash)), wrong);
  }
});

test("the same password never has the same hash, and the hash says how it was made", async () => {
  const [one, other] = await Promise.all([hashPassword(password), hashPassword(password)]);
  assert.notEqual(one, other);
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
});

test("letters beyond ASCII are part of a password", async () => {
  const hash = await hashPassword("pässwörd 🔑");
  assert.ok(await verifyPassword("pässwörd 🔑", hash));
  assert.ok(!(await verifyPassword("password 🔑", hash)));
});

test("a hash made at another cost is checked at its own", async () => {
  const nonce = Buffer.from("0123456789abcdef");
  const cost = { memory: 8192, passes: 3, parallelism: 2 };
  const tag = argon2Sync("argon2id", { message: password, nonce, tagLength: 32, ...cost });
  const unpadded = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");
  const hash = `$argon2id$v=19$m=8192,t=3,p=2$${unpadded(nonce)}$${unpadded(tag)}`;
  assert.ok(await verifyPassword(password, hash));
  assert.ok(!(await verifyPassword("another", hash)));
});

for (const hash of [
  null,
  undefined,
  "",
  "plain text",
  "$2b$10$abcdefghijklmnopqrstuv",
  "$argon2id$v=19$m=19456,t=2,p=1$$",
]) {
  test(`${JSON.stringify(hash)} for a hash: no password fits, not even the empty one`, async () => {
    assert.ok(!(await verifyPassword(password, hash)));
    assert.ok(!(await verifyPassword("", hash)));
  });
}

test("without a hash the same work is done: the time tells nothing", async () => {
  const hash = await hashPassword(password);
  const time = async (hash: string | null) => {
    const begin = performance.now();
    await verifyPassword("a guess", hash);
    return performance.now() - begin;
  };
  // The fastest of several, because anything else may run beside it.
  const fastest = async (hash: string | null) => Math.min(await time(hash), await time(hash), await time(hash));
  const [known, unknown] = [await fastest(hash), await fastest(null)];
  assert.ok(unknown > known / 3, `${unknown} ms without a hash, ${known} ms with one`);
});
