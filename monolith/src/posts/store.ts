import { pageValues, violates, type Database } from "../../../services/chassis/src/index.ts";
import type { ChangedPost, NewPost, Page, Post } from "../../../services/contract/src/index.ts";

const POST = `id, thread_id AS thread, user_id AS "user", text, created_at AS "createdAt", updated_at AS "updatedAt"`;

export type PostStore = ReturnType<typeof postStore>;

/** Posts. Whether a thread or an account exists is a matter of joins and foreign keys. */
export function postStore(database: Database) {
  return {
    list: (page: Page) =>
      database.query<Post>(
        `SELECT ${POST} FROM posts WHERE (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3`,
        pageValues(page),
      ),

    listInThread: (threadId: number, page: Page) =>
      database.query<Post>(
        `SELECT ${POST} FROM posts WHERE thread_id = $4 AND (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3`,
        [...pageValues(page), threadId],
      ),

    listByUser: (userId: number, page: Page) =>
      database.query<Post>(
        `SELECT ${POST} FROM posts WHERE user_id = $4 AND (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3`,
        [...pageValues(page), userId],
      ),

    async find(id: number): Promise<Post | undefined> {
      const [post] = await database.query<Post>(`SELECT ${POST} FROM posts WHERE id = $1`, [id]);
      return post;
    },

    /** Undefined when there is no such thread, also when it is deleted at this very moment. */
    async create(threadId: number, { text }: NewPost, userId: number): Promise<Post | undefined> {
      try {
        const [post] = await database.query<Post>(
          `INSERT INTO posts (thread_id, user_id, text) SELECT id, $2, $3 FROM threads WHERE id = $1 RETURNING ${POST}`,
          [threadId, userId, text],
        );
        return post;
      } catch (error) {
        if (violates(error, "posts_thread")) return undefined;
        throw error;
      }
    },

    /** Undefined when there is no such post. */
    async change(id: number, { text }: ChangedPost): Promise<Post | undefined> {
      const [post] = await database.query<Post>(
        `UPDATE posts SET text = $2, updated_at = now() WHERE id = $1 RETURNING ${POST}`,
        [id, text],
      );
      return post;
    },

    async delete(id: number): Promise<void> {
      await database.query("DELETE FROM posts WHERE id = $1", [id]);
    },
  };
}
