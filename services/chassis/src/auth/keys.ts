import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from "jose";
import * as z from "zod";
import type { KeySet } from "../../../contract/src/index.ts";

export const ALGORITHMS = ["ES256", "EdDSA"] as const;
type Algorithm = (typeof ALGORITHMS)[number];

const privateKey = z.object({
  kty: z.enum(["EC", "OKP"]),
  crv: z.enum(["P-256", "Ed25519"]),
  x: z.string(),
  y: z.string().optional(),
  d: z.string(),
  kid: z.string().optional(),
});

/**
 * The variable `TOKEN_KEYS`: a JWK Set of private keys, P-256 or Ed25519. The first one signs, all of them are published
 * and accepted. To rotate: append the new key and roll out; put it first and roll out; remove the old one after an hour.
 */
export const tokenKeys = z.string().transform((text, context) => {
  try {
    return z.object({ keys: z.array(privateKey).min(1) }).parse(JSON.parse(text)).keys;
  } catch {
    // The reason would quote the key.
    context.addIssue({ code: "custom", message: "must be a JWK Set with at least one private P-256 or Ed25519 key" });
    return z.NEVER;
  }
});

export interface SigningKeys {
  sign: { key: CryptoKey; kid: string; alg: Algorithm };
  /** The public halves, as published. */
  published: KeySet;
}

/** Prepares the keys of `TOKEN_KEYS`. A key without an id gets its thumbprint (RFC 7638). */
export async function signingKeys(keys: z.output<typeof tokenKeys>): Promise<SigningKeys> {
  const published: KeySet["keys"] = [];
  for (const { kty, crv, x, y, kid } of keys) {
    const jwk = y === undefined ? { kty, crv, x } : { kty, crv, x, y };
    const alg = crv === "P-256" ? "ES256" : "EdDSA";
    published.push({ ...jwk, kid: kid ?? (await calculateJwkThumbprint(jwk)), alg, use: "sig" });
  }
  const [first, firstPublished] = [keys[0], published[0]];
  if (!first || !firstPublished) throw new Error("TOKEN_KEYS holds no key");
  const alg = firstPublished.alg as Algorithm;
  const key = (await importJWK(first as JWK, alg)) as CryptoKey;
  return { sign: { key, kid: firstPublished.kid, alg }, published: { keys: published } };
}

/** A fresh value for `TOKEN_KEYS`. */
export async function generateTokenKeys(): Promise<string> {
  const { privateKey: key } = await generateKeyPair("ES256", { extractable: true });
  const jwk = await exportJWK(key);
  return JSON.stringify({ keys: [{ ...jwk, kid: await calculateJwkThumbprint(jwk) }] });
}
