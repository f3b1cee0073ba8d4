import { pageValues, type Database, type Module, type Outbox } from "../../chassis/src/index.ts";
import type { ChangedThread, NewThread, Page, Thread } from "../../contract/src/index.ts";

const THREAD = `id, title, created_by AS "createdBy", created_at AS "createdAt"`;

export type ThreadStore = ReturnType<typeof threadStore>;

/** Threads in the threads database. That one was deleted is told by the outbox: its posts are kept elsewhere. */
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

    async delete(id: number): Promise<void> {
      await module.write(async (tx) => {
        const gone = await tx.query("DELETE FROM threads WHERE id = $1 RETURNING id", [id]);
        if (gone.length > 0) await outbox.add(tx, { type: "thread-deleted", threadId: id }, ["posts"]);
      });
      outbox.wake();
    },
  };
}
