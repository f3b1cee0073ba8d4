import type { Request } from "express";
import { errors, jwtVerify, SignJWT } from "jose";
import type { Session } from "../../../contract/src/index.ts";
import { forbidden, Problem, unauthenticated } from "../problem.ts";
import { checkedTokens, type CheckedToken } from "./checked-tokens.ts";
import { ALGORITHMS, type SigningKeys } from "./keys.ts";
import type { KeyFinder } from "./published-keys.ts";

export type Role = "member" | "moderator";

/** Whom a valid token speaks for. */
export interface Account {
  id: number;
  role: Role;
}

/** Seconds for which a token is valid. */
export const TOKEN_LIFETIME = 3600;
const ISSUER = "forum";

/** Signs a token for an account. */
export async function signToken({ sign }: SigningKeys, account: Account): Promise<Session> {
  const now = Math.floor(Date.now() / 1000);
  const expires = now + TOKEN_LIFETIME;
  const token = await new SignJWT({ role: account.role })
    .setProtectedHeader({ alg: sign.alg, kid: sign.kid, typ: "JWT" })
    .setIssuer(ISSUER)
    .setSubject(String(account.id))
    .setIssuedAt(now)
    .setExpirationTime(expires)
    .sign(sign.key);
  return { token, expiresAt: new Date(expires * 1000).toISOString() };
}

/** Gives the account that a request speaks for. @throws Problem 401 */
export type Authenticate = (req: Request) => Promise<Account>;

/**
 * Checks the bearer token of a request: signature, issuer, expiry, and that its account still exists.
 * @param isWithdrawn whether the account has been deleted since
 */
export function authenticator(find: KeyFinder, isWithdrawn: (accountId: number) => Promise<boolean>): Authenticate {
  const checked = checkedTokens(find);
  return async (req) => {
    const token = bearer(req);
    const account = (await checked.get(token)) ?? checked.add(token, await readToken(token, find));
    if (await isWithdrawn(account.id)) throw rejected("The token has been withdrawn: its account is deleted.");
    return account;
  };
}

function bearer(req: Request): string {
  const header = req.headers.authorization;
  if (header === undefined) throw unauthenticated("Send a token: `Authorization: Bearer TOKEN`.");
  const token = /^Bearer +([A-Za-z0-9_.~+/=-]+) *$/i.exec(header)?.[1];
  if (!token) throw rejected("The Authorization header is not of the form `Bearer TOKEN`.");
  return token;
}

async function readToken(token: string, find: KeyFinder): Promise<CheckedToken> {
  try {
    const { payload, protectedHeader, key } = await jwtVerify(token, find, {
      issuer: ISSUER,
      algorithms: [...ALGORITHMS],
      requiredClaims: ["sub", "exp", "role"],
      clockTolerance: 5,
    });
    const id = Number(payload.sub);
    if (!Number.isSafeInteger(id) || id < 1) throw new errors.JWTInvalid("sub");
    const account: Account = { id, role: payload["role"] === "moderator" ? "moderator" : "member" };
    return { account, header: protectedHeader, key, expires: payload.exp! * 1000 };
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (error instanceof errors.JWTExpired) throw rejected("The token has expired. Log in again.");
    throw rejected("The token is not valid.");
  }
}

const rejected = (detail: string): Problem => unauthenticated(detail, "invalid_token");

/** Lets pass the owner of a thing and moderators. @throws Problem 403 */
export function requireOwner(account: Account, ownerId: number): void {
  if (account.id === ownerId || account.role === "moderator") return;
  throw forbidden("Only its author or a moderator may do that.");
}
