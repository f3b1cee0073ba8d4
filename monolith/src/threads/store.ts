import { pageValues, type Database } from "../../../services/chassis/src/index.ts";
import type { ChangedThread, NewThread, Page, Thread } from "../../../services/contract/src/index.ts";

const THREAD = `id, title, created_by AS "createdBy", created_at AS "createdAt"`;

export type ThreadStore = ReturnType<typeof threadStore>;

/** Threads. Their posts hang on them by a foreign key. */
export function threadStore(database: Database) {
  return {
    list: (page: Page) =>
      database.query<Thread>(
        `SELECT ${THREAD} FROM threads WHERE (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3`,
        pageValues(page),
      ),

    async find(id: number): Promise<Thread | undefined> {
      const [thread] = await database.query<Thread>(`SELECT ${THREAD} FROM threads WHERE id = $1`, [id]);
      return thread;
    },

    async create({ title }: NewThread, createdBy: number): Promise<Thread> {
      const [thread] = await database.query<Thread>(
        `INSERT INTO threads (title, created_by) VALUES ($1, $2) RETURNING ${THREAD}`,
        [title, createdBy],
      );
      return thread!;
    },

    /** Undefined when there is no such thread. */
    async change(id: number, { title }: ChangedThread): Promise<Thread | undefined> {
      const [thread] = await database.query<Thread>(`UPDATE threads SET title = $2 WHERE id = $1 RETURNING ${THREAD}`, [
        id,
        title,
      ]);
      return thread;
    },

    /** The foreign key takes the posts along (ON DELETE CASCADE). */
    async delete(id: number): Promise<void> {
      await database.query("DELETE FROM threads WHERE id = $1", [id]);
    },
  };
}
