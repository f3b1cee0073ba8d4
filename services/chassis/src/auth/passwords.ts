import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 };
const TAG_LENGTH = 32;

const derive = promisify(argon2);

/** Hashes a password with argon2id; gives the PHC string that holds salt and cost. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await derive("argon2id", { message: password, nonce, tagLength: TAG_LENGTH, ...COST });
  const { memory: m, passes: t, parallelism: p } = COST;
  return `$argon2id$v=19$m=${m},t=${t},p=${p}$${base64(nonce)}$${base64(tag)}`;
}

/**
 * Whether `password` is the one that was hashed. Without a hash (no such account, or one that cannot log in) the answer
 * is no, after the same work: the time it takes tells nothing about which names exist.
 */
export async function verifyPassword(password: string, hash: string | null | undefined): Promise<boolean> {
  const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(hash ?? "");
  const [, m = COST.memory, t = COST.passes, p = COST.parallelism, salt, wanted = ""] = parts ?? [];
  const tag = await derive("argon2id", {
    message: password,
    nonce: salt ? Buffer.from(salt, "base64") : Buffer.alloc(16),
    tagLength: TAG_LENGTH,
    memory: Number(m),
    passes: Number(t),
    parallelism: Number(p),
  });
  const expected = Buffer.from(wanted, "base64");
  return expected.length === tag.length && timingSafeEqual(expected, tag);
}

/** Base64 without padding, as the PHC string format has it. */
const base64 = (bytes: Buffer): string => bytes.toString("base64").replace(/=+$/, "");
