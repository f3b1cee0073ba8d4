import { pageValues, violates, type Database, type Module } from "../../../services/chassis/src/index.ts";
import type { ChangedPost, NewPost, Page, Post } from "../../../services/contract/src/index.ts";

const POST = `id, thread_id AS thread, user_id AS "user", text, created_at AS "createdAt", updated_at AS "updatedAt"`;

export type PostStore = ReturnType<typeof postStore>;

/**
 * Posts. Whether a thread or an account exists is a matter of joins and foreign keys.
 * @param threads where they are: once they have moved, the table here is a copy
 */
export function postStore(database: Database, module: Module, threads: Module) {
  return {
    list: (page: Page) =>
      database.readJson(
        `SELECT ${POST} FROM posts WHERE (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3`,
        pageValues(page),
      ),

    listInThread: (threadId: number, page: Page) =>
      database.readJson(
        `SELECT ${POST} FROM posts WHERE thread_id = $4 AND (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3`,
        [...pageValues(page), threadId],
      ),

    listByUser: (userId: number, page: Page) =>
      database.readJson(
        `SELECT ${POST} FROM posts WHERE user_id = $4 AND (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3`,
        [...pageValues(page), userId],
      ),

    async find(id: number): Promise<Post | undefined> {
      const [post] = await database.read<Post>(`SELECT ${POST} FROM posts WHERE id = $1`, [id]);
      return post;
    },

    /** Undefined when there is no such thread, also when it is deleted at this very moment. */
    async create(threadId: number, { text }: NewPost, userId: number): Promise<Post | undefined> {
      const insert = () =>
        module.write(async (tx) => {
          const [, [post]] = await Promise.all([
            tx.query("SELECT pg_advisory_xact_lock_shared($1)", [threadId]),
            tx.query<Post>(
              `INSERT INTO posts (thread_id, user_id, text) SELECT id, $2, $3 FROM threads
             WHERE id = $1 AND NOT EXISTS (SELECT FROM deleted_threads WHERE id = $1) RETURNING ${POST}`,
              [threadId, userId, text],
            ),
          ]);
          return post;
        });
      try {
        return await threads.found(insert);
      } catch (error) {
        if (violates(error, "posts_thread")) return undefined;
        throw error;
      }
    },

    /** Undefined when there is no such post. */
    change: (id: number, { text }: ChangedPost) =>
      module.write(async (tx): Promise<Post | undefined> => {
        const [post] = await tx.query<Post>(
          `UPDATE posts SET text = $2, updated_at = now() WHERE id = $1 RETURNING ${POST}`,
          [id, text],
        );
        return post;
      }),

    delete: (id: number) => module.write((tx) => tx.query("DELETE FROM posts WHERE id = $1", [id])),

    /** Deletes the posts of a thread that the threads service has deleted, and lets no more in. */
    forgetThread: (threadId: number) =>
      module.write(async (tx) => {
        await tx.query("SELECT pg_advisory_xact_lock($1)", [threadId]);
        await tx.query("INSERT INTO deleted_threads (id) VALUES ($1) ON CONFLICT DO NOTHING", [threadId]);
        await tx.query("DELETE FROM posts WHERE thread_id = $1", [threadId]);
      }),
  };
}
