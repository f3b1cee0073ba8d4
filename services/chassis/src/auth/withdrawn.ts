import type { Database } from "../database.ts";
import { TOKEN_LIFETIME } from "./tokens.ts";

/**
 * Accounts deleted while a token of theirs may still be valid, as a service that keeps no accounts remembers them.
 * It needs the table `withdrawn_accounts` in that service's database.
 */
export function withdrawnAccounts(database: Database) {
  return {
    async has(accountId: number): Promise<boolean> {
      const rows = await database.read("SELECT 1 FROM withdrawn_accounts WHERE id = $1", [accountId]);
      return rows.length > 0;
    },
    /** Remembers an account, and forgets those whose last token has expired. */
    async add(accountId: number): Promise<void> {
      await database.query("DELETE FROM withdrawn_accounts WHERE withdrawn_at < now() - make_interval(secs => $1)", [
        2 * TOKEN_LIFETIME,
      ]);
      await database.query("INSERT INTO withdrawn_accounts (id) VALUES ($1) ON CONFLICT DO NOTHING", [accountId]);
    },
  };
}
