import { pageValues, type Database, type Module } from "../../chassis/src/index.ts";
import type { ChangedPost, NewPost, Page, Post } from "../../contract/src/index.ts";

const POST = `id, thread_id AS thread, user_id AS "user", text, created_at AS "createdAt", updated_at AS "updatedAt"`;

export type PostStore = ReturnType<typeof postStore>;

/** Posts in the posts database, which knows neither threads nor users, only their ids. */
export function postStore(database: Database, module: Module) {
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

    /**
     * Undefined when the thread has been deleted. The lock lets posts of one thread pass side by side but not beside
     * the thread's deletion: either the post is seen and deleted, or the deletion is seen and there is no post.
     */
    create: (threadId: number, { text }: NewPost, userId: number) =>
      module.write(async (tx): Promise<Post | undefined> => {
        const [, [post]] = await Promise.all([
          tx.query("SELECT pg_advisory_xact_lock_shared($1)", [threadId]),
          tx.query<Post>(
            `INSERT INTO posts (thread_id, user_id, text) SELECT $1, $2, $3
           WHERE NOT EXISTS (SELECT FROM deleted_threads WHERE id = $1) RETURNING ${POST}`,
            [threadId, userId, text],
          ),
        ]);
        return post;
      }),

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

    /** Deletes the posts of a deleted thread and lets no more in. Doing it twice is doing it once. */
    forgetThread: (threadId: number) =>
      module.write(async (tx) => {
        await tx.query("SELECT pg_advisory_xact_lock($1)", [threadId]);
        await tx.query("INSERT INTO deleted_threads (id) VALUES ($1) ON CONFLICT DO NOTHING", [threadId]);
        await tx.query("DELETE FROM posts WHERE thread_id = $1", [threadId]);
      }),
  };
}
