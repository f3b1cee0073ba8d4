import pg from "pg";
import { UserError } from "../../terminal/user-error.ts";
import type { DatabaseUrls } from "./addresses.ts";

/**
 * The modules that these databases do not own, or share with another one: rows written there past the application would
 * be lost, or be in two places.
 */
export async function movedAway(databases: DatabaseUrls): Promise<string[]> {
  const side = new Set(Object.values(databases)).size === 1 ? "monolith" : "service";
  const moved = await Promise.all(
    Object.entries(databases).map(async ([module, url]) => {
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
      await client.connect();
      try {
        const query = "SELECT FROM ownership WHERE module = $1 AND (owner <> $2 OR linked)";
        return (await client.query(query, [module, side])).rows.length > 0 ? [module] : [];
      } finally {
        await client.end();
      }
    }),
  );
  return moved.flat();
}

/** @throws UserError that says which modules are elsewhere */
export function assertAtHome(moved: readonly string[]): void {
  if (moved.length === 0) return;
  throw new UserError(
    `${moved.join(", ")}: owned by the other side, or on the way there. Import into their owner (--into), while nothing moves.`,
  );
}
