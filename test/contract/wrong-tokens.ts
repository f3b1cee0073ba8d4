import { generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWK } from "jose";
import type { KeySet } from "../../services/contract/src/index.ts";
import type { Forum } from "./forum.ts";

const now = (): number => Math.floor(Date.now() / 1000);
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

interface Forgery {
  claims?: Record<string, unknown>;
  header?: { alg?: string; kid?: string };
  key?: CryptoKey | Uint8Array;
}

/** A way to sign tokens for the author as the forum does, but for what is given otherwise. */
async function forger(forum: Forum): Promise<(forgery?: Forgery) => Promise<string>> {
  const jwk = (JSON.parse(forum.target.tokenKeys) as { keys: JWK[] }).keys[0]!;
  const right = { alg: jwk.crv === "P-256" ? "ES256" : "EdDSA", kid: (await publicKeys(forum)).keys[0]!.kid };
  const own = (await importJWK(jwk, right.alg)) as CryptoKey;
  return ({ claims = {}, header = {}, key = own } = {}) => {
    const payload = { role: "member", iss: "forum", sub: String(forum.author.id), iat: now(), exp: now() + 60 };
    return new SignJWT({ ...payload, ...claims }).setProtectedHeader({ ...right, ...header }).sign(key);
  };
}

const publicKeys = async (forum: Forum): Promise<KeySet> => (await forum.call("get", "/api/users/keys")).body as KeySet;

/** A token like those of the forum, made by the same means as the wrong ones. */
export const rightToken = async (forum: Forum): Promise<string> => (await forger(forum))();

/** Tokens that the forum must refuse, by what is wrong with them. */
export async function wrongTokens(forum: Forum): Promise<Record<string, string>> {
  const sign = await forger(forum);
  const published = (await publicKeys(forum)).keys[0]!;
  const { privateKey: foreign } = await generateKeyPair("ES256");
  const [head, payload, signature] = (await sign()).split(".") as [string, string, string];
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as object;
  const secret = new TextEncoder().encode(JSON.stringify(published));
  return {
    "no JWT": "abc",
    "empty parts": "..",
    "not JSON": "YWJj.YWJj.YWJj",
    expired: await sign({ claims: { exp: now() - 60 } }),
    "not valid yet": await sign({ claims: { nbf: now() + 60 } }),
    "another issuer": await sign({ claims: { iss: "elsewhere" } }),
    "no issuer": await sign({ claims: { iss: undefined } }),
    "no expiry": await sign({ claims: { exp: undefined } }),
    "no subject": await sign({ claims: { sub: undefined } }),
    "no role": await sign({ claims: { role: undefined } }),
    "subject 0": await sign({ claims: { sub: "0" } }),
    "a subject that is no id": await sign({ claims: { sub: "1; DROP TABLE users" } }),
    "another key": await sign({ key: foreign, header: { alg: "ES256" } }),
    "another key of unknown name": await sign({ key: foreign, header: { alg: "ES256", kid: "unknown" } }),
    "HS256 with the public key as the secret": await sign({ key: secret, header: { alg: "HS256" } }),
    "alg none": `${part({ alg: "none", kid: published.kid })}.${payload}.`,
    "no signature": `${head}.${payload}.`,
    "a changed signature": `${head}.${payload}.${signature.replace(/^./, (first) => (first === "A" ? "B" : "A"))}`,
    "a changed payload": `${head}.${part({ ...claims, role: "moderator" })}.${signature}`,
  };
}
