import type { CryptoKey, JWTHeaderParameters } from "jose";
import type { KeyFinder } from "./published-keys.ts";
import type { Account } from "./tokens.ts";

/** A token whose signature has been checked. */
export interface CheckedToken {
  account: Account;
  header: JWTHeaderParameters;
  key: CryptoKey | Uint8Array;
  /** Milliseconds since 1970. */
  expires: number;
}

/** Tokens that are remembered; the oldest is forgotten first. */
const MOST = 5000;

/**
 * Remembers tokens whose signatures have been checked: to check one costs as much as a query, and a session sends the
 * same one each time. A token counts only as long as its key is still the one that would be asked.
 */
export function checkedTokens(find: KeyFinder) {
  const tokens = new Map<string, CheckedToken>();
  return {
    async get(token: string): Promise<Account | undefined> {
      const known = tokens.get(token);
      if (!known) return undefined;
      const key = known.expires > Date.now() ? await find(known.header, NO_INPUT).catch(() => undefined) : undefined;
      if (key === known.key) return known.account;
      tokens.delete(token);
      return undefined;
    },
    add(token: string, checked: CheckedToken): Account {
      if (tokens.size >= MOST) tokens.delete(tokens.keys().next().value!);
      tokens.set(token, checked);
      return checked.account;
    },
  };
}

/** Keys are found by the header alone. */
const NO_INPUT = { payload: "", signature: "" };
