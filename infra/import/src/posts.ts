import type { Database, Queryable } from "../../../services/chassis/src/database.ts";
import { authorsOf, type AuthorAttributes } from "./authors.ts";
import { idsOf, insertOnce } from "./ids.ts";
import { COMMENT_AUTHOR, POST_AUTHOR, isAnswer, isQuestion } from "./post-rows.ts";
import { moment, required, sourceId } from "./row.ts";
import { newRows, type Databases, type Run } from "./run.ts";
import { fit, visible } from "./text.ts";
import type { Row } from "./xml.ts";

/** Stores a batch of rows of Posts.xml as posts: questions as the first of their thread, answers after them. */
export async function storePosts(run: Run, rows: Row[]): Promise<void> {
  const { source, databases, counts } = run;
  const posts = rows.filter((row) => isQuestion(row) || isAnswer(row));
  counts.leftOut.posts += rows.length - posts.length;
  const questionOf = (row: Row) => sourceId(row, isQuestion(row) ? "Id" : "ParentId");
  const threads = await idsOf(databases.threads, source, "thread", posts.map(questionOf));
  counts.leftOut.posts += await addPosts(run, posts, {
    kind: "post",
    body: "Body",
    author: POST_AUTHOR,
    threadOf: (row) => threads.get(questionOf(row)),
  });
}

/** Stores a batch of rows of Comments.xml as posts of the thread that their post belongs to. */
export async function storeComments(run: Run, rows: Row[]): Promise<void> {
  const postOf = (row: Row) => sourceId(row, "PostId");
  const threads = await threadsOfPosts(run.databases.posts, run.source, rows.map(postOf));
  run.counts.leftOut.comments += await addPosts(run, rows, {
    kind: "comment",
    body: "Text",
    author: COMMENT_AUTHOR,
    threadOf: (row) => threads.get(postOf(row)),
  });
}

interface PostRows {
  kind: "post" | "comment";
  /** The attribute with the text. */
  body: string;
  author: AuthorAttributes;
  threadOf(row: Row): number | undefined;
}

/** Adds the rows that were not imported before, and gives how many have no thread to be added to. */
async function addPosts(run: Run, rows: Row[], { kind, body, author, threadOf }: PostRows): Promise<number> {
  const { source, databases, counts } = run;
  const fresh = await newRows(run, databases.posts, kind, rows);
  // Authors only of what has a thread: nobody gets an account for a row that is left out.
  const placed = fresh.filter((row) => threadOf(row) !== undefined);
  const authorOf = await authorsOf(run, placed, author);
  const drafts = placed.map((row) => {
    const thread = threadOf(row)!;
    const createdAt = moment(row, "CreationDate");
    const text = fit(visible(required(row, body), "(no text)"), "texts", counts.cut);
    return { thread, sourceId: sourceId(row, "Id"), values: [thread, authorOf(row), text, createdAt, createdAt] };
  });
  const [added, kept] = await databases.posts.transaction(async (tx) => {
    const open = await holdThreads(tx, databases, new Set(drafts.map((draft) => draft.thread)));
    const kept = drafts.filter((draft) => open.has(draft.thread));
    return [
      await insertOnce(tx, {
        source,
        kind,
        table: "posts",
        columns: {
          thread_id: "bigint",
          user_id: "bigint",
          text: "text",
          created_at: "timestamptz",
          updated_at: "timestamptz",
        },
        rows: kept,
      }),
      kept.length,
    ];
  });
  const leftOut = fresh.length - kept;
  counts.posts.added += added;
  counts.posts.alreadyThere += rows.length - leftOut - added;
  return leftOut;
}

/** The threads of imported posts that have not been deleted since, by source id of the post. */
async function threadsOfPosts(posts: Database, source: string, sourceIds: string[]): Promise<Map<string, number>> {
  const rows = await posts.query<{ sourceId: string; thread: number }>(
    `SELECT ids.source_id AS "sourceId", posts.thread_id AS thread FROM import.ids JOIN posts USING (id)
     WHERE ids.source = $1 AND ids.kind = 'post' AND ids.source_id = ANY($2)`,
    [source, sourceIds],
  );
  return new Map(rows.map((row) => [row.sourceId, row.thread]));
}

/** Those of the threads that are still there. None of them can be deleted before the transaction ends. */
async function holdThreads(tx: Queryable, { threads, posts }: Databases, ids: Set<number>): Promise<Set<number>> {
  const sorted = [...ids].sort((a, b) => a - b);
  if (threads === posts) {
    const rows = await tx.query<{ id: number }>("SELECT id FROM threads WHERE id = ANY($1) ORDER BY id FOR KEY SHARE", [
      sorted,
    ]);
    return new Set(rows.map((row) => row.id));
  }
  // The lock that the posts service takes, too, when it writes a post or forgets a thread.
  await tx.query("SELECT pg_advisory_xact_lock_shared(id) FROM unnest($1::bigint[]) AS id", [sorted]);
  const gone = await tx.query<{ id: number }>("SELECT id FROM deleted_threads WHERE id = ANY($1)", [sorted]);
  const closed = new Set(gone.map((row) => row.id));
  return new Set(sorted.filter((id) => !closed.has(id)));
}
