import { violates } from "../../../services/chassis/src/database.ts";
import { insertOnce } from "./ids.ts";
import { moment, sourceId } from "./row.ts";
import { newRows, type Run } from "./run.ts";
import { clean, fit, visible } from "./text.ts";
import { freeUsernames, type Identity } from "./usernames.ts";
import type { Row } from "./xml.ts";

/** An account to be made. Without a password it cannot log in. */
export interface NewAccount extends Identity {
  bio: string;
  /** ISO text. */
  createdAt: string;
}

/** Stores a batch of rows of Users.xml. */
export async function storeUsers(run: Run, rows: Row[]): Promise<void> {
  const fresh = await newRows(run, run.databases.users, "user", rows);
  const accounts = fresh.map((row): NewAccount => {
    const id = sourceId(row, "Id");
    return {
      kind: "user",
      sourceId: id,
      name: fit(visible(row.attributes.DisplayName, `user${id}`), "names", run.counts.cut),
      bio: fit(clean(row.attributes.AboutMe ?? ""), "bios", run.counts.cut),
      createdAt: moment(row, "CreationDate"),
    };
  });
  const added = await addAccounts(run, "user", accounts);
  run.counts.users.added += added;
  run.counts.users.alreadyThere += rows.length - added;
}

/** Times that a batch is tried again because somebody registered under one of its usernames meanwhile. */
const MOST_TRIES = 5;

/** Inserts the accounts that were not imported before and gives how many. */
export async function addAccounts(run: Run, kind: Identity["kind"], accounts: NewAccount[]): Promise<number> {
  if (accounts.length === 0) return 0;
  const { users } = run.databases;
  for (let tries = 1; ; tries++) {
    const usernames = await freeUsernames(users, accounts);
    try {
      return await insertOnce(users, {
        source: run.source,
        kind,
        table: "users",
        columns: { username: "text", name: "text", bio: "text", created_at: "timestamptz" },
        rows: accounts.map(({ sourceId, name, bio, createdAt }, i) => ({
          sourceId,
          values: [usernames[i]!, name, bio, createdAt],
        })),
      });
    } catch (error) {
      if (tries === MOST_TRIES || !violates(error, "users_username")) throw error;
    }
  }
}
