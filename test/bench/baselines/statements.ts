/** The statements of every baseline: what the services ask, with columns instead of JSON, named so that they are prepared once. */
const POST = `id, thread_id AS thread, user_id AS "user", text, created_at AS "createdAt", updated_at AS "updatedAt"`;

export const postsOfThread = {
  name: "posts-of-thread",
  text: `SELECT ${POST} FROM posts WHERE thread_id = $4 AND (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3`,
};
export const oneThread = {
  name: "one-thread",
  text: `SELECT id, title, created_by AS "createdBy", created_at AS "createdAt" FROM threads WHERE id = $1`,
};
export const oneUser = {
  name: "one-user",
  text: `SELECT id, username, name, bio, created_at AS "createdAt" FROM users WHERE id = $1`,
};
/** What the monolith asks before it lets an account write; it, and then the transaction of a posting. */
export const accountGone = {
  name: "account-gone",
  text: "SELECT deleted_at IS NOT NULL AS gone FROM users WHERE id = $1",
};
export const moduleOwner = {
  name: "module-owner",
  text: "SELECT owner FROM ownership WHERE module = $1 FOR SHARE",
};
export const lockThread = {
  name: "lock-thread",
  text: "SELECT pg_advisory_xact_lock_shared($1)",
};
export const newPost = {
  name: "new-post",
  text: `INSERT INTO posts (thread_id, user_id, text) SELECT id, $2, $3 FROM threads
             WHERE id = $1 AND NOT EXISTS (SELECT FROM deleted_threads WHERE id = $1) RETURNING ${POST}`,
};

/** Rows of a page, and one more, which tells whether there is a next page. */
export const PAGE = 20;
/** Values for the first page of a thread. */
export const firstPage = (threadId: number): unknown[] => ["-infinity", 0, PAGE + 1, threadId];
