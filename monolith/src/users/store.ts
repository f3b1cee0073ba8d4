import {
  conflict,
  linkedModules,
  violates,
  type Account,
  type Database,
  type Module,
  type Outbox,
  type Role,
  pageValues,
} from "../../../services/chassis/src/index.ts";
import type { ChangedUser, Page, User } from "../../../services/contract/src/index.ts";

const USER = `id, username, name, bio, created_at AS "createdAt"`;

export interface NewAccount {
  username: string;
  name: string;
  bio?: string | undefined;
  passwordHash: string;
  role?: Role;
}

export type UserStore = ReturnType<typeof userStore>;

/**
 * Accounts. Threads and posts refer to them by foreign keys, so an account is never removed, only anonymised. Modules that
 * have a service by now are told of it: they keep no accounts.
 */
export function userStore(database: Database, module: Module, outbox: Outbox) {
  return {
    list: (page: Page) =>
      database.readJson(
        `SELECT ${USER} FROM users WHERE (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3`,
        pageValues(page),
      ),

    async find(id: number): Promise<User | undefined> {
      const [user] = await database.read<User>(`SELECT ${USER} FROM users WHERE id = $1`, [id]);
      return user;
    },

    /** @throws Problem 409 when the name is taken, in any case of its letters */
    async create({ username, name, bio = "", passwordHash, role = "member" }: NewAccount): Promise<User> {
      try {
        return await module.write(async (tx) => {
          const [user] = await tx.query<User>(
            `INSERT INTO users (username, name, bio, password_hash, role) VALUES ($1, $2, $3, $4, $5) RETURNING ${USER}`,
            [username, name, bio, passwordHash, role],
          );
          return user!;
        });
      } catch (error) {
        if (!violates(error, "users_username")) throw error;
        throw conflict(`The username "${username}" is taken.`, [{ field: "username", message: "is taken" }]);
      }
    },

    /** Changes an account that has not been deleted; undefined when there is none. */
    change: (id: number, { name, bio }: ChangedUser) =>
      module.write(async (tx): Promise<User | undefined> => {
        const [user] = await tx.query<User>(
          `UPDATE users SET name = coalesce($2, name), bio = coalesce($3, bio)
           WHERE id = $1 AND deleted_at IS NULL RETURNING ${USER}`,
          [id, name ?? null, bio ?? null],
        );
        return user;
      }),

    /** Takes everything personal out of an account and withdraws its tokens; its id and what it wrote stay. */
    async anonymise(id: number): Promise<void> {
      await module.write(async (tx) => {
        const gone = await tx.query(
          `UPDATE users SET username = 'deleted~' || id, name = 'Deleted account', bio = '', password_hash = NULL,
             role = 'member', deleted_at = now()
           WHERE id = $1 AND deleted_at IS NULL RETURNING id`,
          [id],
        );
        const services = await linkedModules(tx, ["threads", "posts"], "monolith");
        if (gone.length > 0) await outbox.add(tx, { type: "account-withdrawn", userId: id }, services);
      });
      outbox.wake();
    },

    async credentials(username: string): Promise<(Account & { passwordHash: string | null }) | undefined> {
      const [account] = await database.query<Account & { passwordHash: string | null }>(
        `SELECT id, role, password_hash AS "passwordHash" FROM users WHERE lower(username) = lower($1)`,
        [username],
      );
      return account;
    },

    /** Whether an account is gone, or was never here. */
    async isWithdrawn(id: number): Promise<boolean> {
      const account = await module.found(async () => {
        const rows = await database.read<{ gone: boolean }>(
          "SELECT deleted_at IS NOT NULL AS gone FROM users WHERE id = $1",
          [id],
        );
        return rows[0];
      });
      return account?.gone ?? true;
    },
  };
}
