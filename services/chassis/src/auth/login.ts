import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import type { Credentials, Session } from "../../../contract/src/index.ts";
import type { Database } from "../database.ts";
import { tooManyRequests, unauthenticated } from "../problem.ts";
import type { SigningKeys } from "./keys.ts";
import { verifyPassword } from "./passwords.ts";
import { signToken, type Account } from "./tokens.ts";

export interface LoginLimits {
  /** Failed logins to one account from one address before it has to wait. */
  perAccount: number;
  /** Failed logins from one address, to whatever accounts. */
  perAddress: number;
  /** Seconds from the first failure until the count starts anew. */
  window: number;
}

export interface LoginOptions {
  database: Database;
  keys: SigningKeys;
  limits: LoginLimits;
  /** Finds an account by its name in any case; one without a hash cannot log in. */
  find: (username: string) => Promise<(Account & { passwordHash: string | null }) | undefined>;
}

export type Login = (credentials: Credentials, address: string) => Promise<Session>;

/**
 * Logs in. Tries are counted before the password is looked at, so that many at once do not slip through, and given back
 * when it is right. The counts are in PostgreSQL: all tasks share them.
 * @throws Problem 401 for a wrong name or password, which are not told apart; 429 after too many failures
 */
export function createLogin({ database, keys, limits, find }: LoginOptions): Login {
  const limiter = (keyPrefix: string, points: number) =>
    new RateLimiterPostgres({
      storeClient: database.pool,
      storeType: "pool",
      tableName: "login_failures",
      tableCreated: true,
      clearExpiredByTimeout: true,
      keyPrefix,
      points,
      duration: limits.window,
    });
  const perAccount = limiter("account", limits.perAccount);
  const perAddress = limiter("address", limits.perAddress);

  return async ({ username, password }, address) => {
    // 100 characters of name and 45 of address at most: the key column holds 255.
    const pair = `${username.toLowerCase()}@${address}`;
    await take(perAddress, address);
    await take(perAccount, pair);
    const account = await find(username);
    if (!(await verifyPassword(password, account?.passwordHash)) || !account) {
      throw unauthenticated("The username or the password is wrong.");
    }
    await Promise.all([perAccount.delete(pair), perAddress.reward(address)]);
    return signToken(keys, account);
  };
}

async function take(limiter: RateLimiterPostgres, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    throw tooManyRequests("Too many failed logins. Try again later.", Math.ceil(refused.msBeforeNext / 1000));
  }
}
