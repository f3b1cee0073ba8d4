import {
  isElsewhere,
  pageValues,
  type Database,
  type Module,
  type Outbox,
} from "../../../services/chassis/src/index.ts";
import type { ChangedThread, NewThread, Page, Thread } from "../../../services/contract/src/index.ts";

const THREAD = `id, title, created_by AS "createdBy", created_at AS "createdAt"`;

export type ThreadStore = ReturnType<typeof threadStore>;

/** Threads. Their posts hang on them by a foreign key; the posts service, once there is one, is told by the outbox. */
export function threadStore(database: Database, module: Module, outbox: Outbox) {
  return {
    list: (page: Page) =>
      database.readJson(
        `SELECT ${THREAD} FROM threads WHERE (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3`,
        pageValues(page),
      ),

    async find(id: number): Promise<Thread | undefined> {
      const [thread] = await database.read<Thread>(`SELECT ${THREAD} FROM threads WHERE id = $1`, [id]);
      return thread;
    },

    create: ({ title }: NewThread, createdBy: number) =>
      module.write(async (tx): Promise<Thread> => {
        const [thread] = await tx.query<Thread>(
          `INSERT INTO threads (title, created_by) VALUES ($1, $2) RETURNING ${THREAD}`,
          [title, createdBy],
        );
        return thread!;
      }),

    /** Undefined when there is no such thread. */
    change: (id: number, { title }: ChangedThread) =>
      module.write(async (tx): Promise<Thread | undefined> => {
        const [thread] = await tx.query<Thread>(`UPDATE threads SET title = $2 WHERE id = $1 RETURNING ${THREAD}`, [
          id,
          title,
        ]);
        return thread;
      }),

    /** The foreign key takes the posts along (ON DELETE CASCADE). */
    async delete(id: number): Promise<void> {
      await module.write(async (tx) => {
        const postsElsewhere = await isElsewhere(tx, "posts", "monolith");
        const gone = await tx.query("DELETE FROM threads WHERE id = $1 RETURNING id", [id]);
        if (gone.length > 0 && postsElsewhere) {
          await outbox.add(tx, { type: "thread-deleted", threadId: id }, ["posts"]);
        }
      });
      outbox.wake();
    },
  };
}
