import { createHash } from "node:crypto";
import type { Queryable } from "../../../services/chassis/src/database.ts";

const LONGEST = 40;

/** What tells accounts of a dump apart: the source id of a user, the display name of a placeholder. */
export interface Identity {
  kind: "user" | "placeholder";
  sourceId: string;
  name: string;
}

/**
 * The username of an imported account: its display name in ASCII and, after the last hyphen, a mark that no other
 * account of the dump has: `ada-lovelace-12`, `-n1` for the id -1, `-x` and a hash for a name without an id.
 * Attempts after the first end in `.2`, `.3`, …, which no first attempt does.
 */
export function usernameOf({ kind, sourceId, name }: Identity, attempt = 1): string {
  const mark =
    kind === "user"
      ? sourceId.replace("-", "n")
      : `x${createHash("sha256").update(sourceId).digest("hex").slice(0, 12)}`;
  const end = `-${mark}${attempt === 1 ? "" : `.${attempt}`}`;
  const words = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, LONGEST - end.length)
    .replace(/-$/, "");
  return `${words || "user"}${end}`;
}

/** A username for each of the accounts that nobody in the database has at this moment. */
export async function freeUsernames(users: Queryable, accounts: Identity[]): Promise<string[]> {
  const names = accounts.map((account) => usernameOf(account));
  for (let attempt = 2; ; attempt++) {
    const rows = await users.query<{ username: string }>(
      "SELECT lower(username) AS username FROM users WHERE lower(username) = ANY($1)",
      [names],
    );
    if (rows.length === 0) return names;
    const taken = new Set(rows.map((row) => row.username));
    names.forEach((name, i) => {
      if (taken.has(name)) names[i] = usernameOf(accounts[i]!, attempt);
    });
  }
}
