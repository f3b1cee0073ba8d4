import { authorsOf } from "./authors.ts";
import { insertOnce } from "./ids.ts";
import { POST_AUTHOR, isQuestion } from "./post-rows.ts";
import { moment, sourceId } from "./row.ts";
import { newRows, type Run } from "./run.ts";
import { fit, visible } from "./text.ts";
import type { Row } from "./xml.ts";

/** Stores the threads of a batch of rows of Posts.xml: its questions, without their texts. */
export async function storeThreads(run: Run, rows: Row[]): Promise<void> {
  const questions = rows.filter(isQuestion);
  const { threads } = run.databases;
  const fresh = await newRows(run, threads, "thread", questions);
  const author = await authorsOf(run, fresh, POST_AUTHOR);
  const added = await insertOnce(threads, {
    source: run.source,
    kind: "thread",
    table: "threads",
    columns: { title: "text", created_by: "bigint", created_at: "timestamptz" },
    rows: fresh.map((row) => ({
      sourceId: sourceId(row, "Id"),
      values: [
        fit(visible(row.attributes.Title, "(no title)"), "titles", run.counts.cut),
        author(row),
        moment(row, "CreationDate"),
      ],
    })),
  });
  run.counts.threads.added += added;
  run.counts.threads.alreadyThere += questions.length - added;
}
