import assert from "node:assert/strict";
import { test } from "node:test";
import { exportJWK, generateKeyPair } from "jose";
import * as z from "zod";
import { generateTokenKeys, signingKeys, tokenKeys } from "../../services/chassis/src/auth/keys.ts";
import { ConfigError, readConfig } from "../../services/chassis/src/config.ts";
import { keySet } from "../../services/contract/src/index.ts";

const keysOf = (text: string) => (JSON.parse(text) as { keys: Record<string, string>[] }).keys;
const generated = await generateTokenKeys();
const [first] = keysOf(generated);
const [second] = keysOf(await generateTokenKeys());
const read = (...keys: unknown[]) => signingKeys(tokenKeys.parse(JSON.stringify({ keys })));

test("a generated key set can be used, and is another each time", async () => {
  assert.notEqual(first!["d"], second!["d"]);
  assert.equal((await read(first)).sign.alg, "ES256");
});

test("the first key signs, all are published, in their order", async () => {
  const { sign, published } = await read(second, first);
  assert.equal(sign.kid, second!["kid"]);
  assert.deepEqual(
    published.keys.map(({ kid }) => kid),
    [second!["kid"], first!["kid"]],
  );
});

test("what is published is as the contract has it, and holds nothing private", async () => {
  const { published } = await read(first, second);
  assert.deepEqual(keySet.parse(published), published);
  const text = JSON.stringify(published);
  for (const key of [first, second]) assert.ok(!text.includes(key!["d"]!), "a private key is published");
});

test("a key without an id gets its thumbprint, the same each time", async () => {
  const { kid, ...anonymous } = first!;
  assert.equal((await read(anonymous)).sign.kid, kid);
});

test("Ed25519 keys sign too", async () => {
  const { privateKey } = await generateKeyPair("Ed25519", { extractable: true });
  const { sign, published } = await read(await exportJWK(privateKey));
  assert.equal(sign.alg, "EdDSA");
  assert.equal(published.keys[0]?.crv, "Ed25519");
});

const { d: _, ...publicHalf } = first!;
for (const [name, text] of Object.entries({
  "no JSON": "hidden",
  "a broken key set": '{"keys":[{"kty":"EC","d":"hidden"',
  "no keys": '{"keys":[]}',
  "a key alone": JSON.stringify(first),
  "a public key": JSON.stringify({ keys: [publicHalf] }),
  "a symmetric key": '{"keys":[{"kty":"oct","k":"hidden"}]}',
  "an unknown curve": JSON.stringify({ keys: [{ ...first, crv: "P-521" }] }),
})) {
  test(`${name} for TOKEN_KEYS is refused, and nothing of it is said`, () => {
    const read = () => readConfig({ TOKEN_KEYS: tokenKeys }, { TOKEN_KEYS: text });
    assert.throws(read, (error: Error) => {
      assert.ok(error instanceof ConfigError);
      const message = "must be a JWK Set with at least one private P-256 or Ed25519 key";
      assert.equal(error.message, `The environment is not complete:\n  TOKEN_KEYS: ${message}`);
      return true;
    });
    assert.ok(z.safeParse(tokenKeys, text).error);
  });
}
