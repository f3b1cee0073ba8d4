import type { Cuts } from "./text.ts";

export interface Count {
  added: number;
  alreadyThere: number;
}

/** What became of the rows of a dump. */
export interface Counts {
  users: Count;
  placeholders: Count;
  threads: Count;
  posts: Count;
  /** Values that were too long, among those added. */
  cut: Cuts;
  /** Rows that are neither question nor answer, or whose thread is not there. */
  leftOut: { posts: number; comments: number };
}

/** The end of an import, as `--json` prints it. */
export interface Summary extends Counts {
  source: string;
  /** False when it was stopped before the end of the dump. */
  complete: boolean;
  seconds: number;
  rowsPerSecond: number;
}

/** Counts of an import that has not begun. */
export function noCounts(): Counts {
  const count = () => ({ added: 0, alreadyThere: 0 });
  return {
    users: count(),
    placeholders: count(),
    threads: count(),
    posts: count(),
    cut: { names: 0, titles: 0, bios: 0, texts: 0 },
    leftOut: { posts: 0, comments: 0 },
  };
}

const tables = ["users", "placeholders", "threads", "posts"] as const;

/** All rows of the summary, those added and those that were there. */
export const rowsOf = (counts: Counts): number =>
  tables.reduce((sum, table) => sum + counts[table].added + counts[table].alreadyThere, 0);

/** The summary as a table for people. */
export function formatSummary(summary: Summary): string {
  const lines = [line(`Dump "${summary.source}"`, "added", "already there")];
  for (const table of tables) {
    const { added, alreadyThere } = summary[table];
    lines.push(line(table === "placeholders" ? "placeholder accounts" : table, added, alreadyThere));
  }
  const cut = Object.entries(summary.cut).filter(([, count]) => count > 0);
  if (cut.length > 0) lines.push(`Cut, because too long: ${cut.map(([kind, count]) => `${count} ${kind}`).join(", ")}`);
  const { posts, comments } = summary.leftOut;
  if (posts + comments > 0)
    lines.push(`Left out, because they belong to no thread: ${posts} posts, ${comments} comments`);
  lines.push(`${summary.seconds} s, ${summary.rowsPerSecond} rows/s`);
  if (summary.complete && tables.every((table) => summary[table].added === 0)) {
    lines.push("Everything was there already; nothing was added.");
  }
  return lines.join("\n");
}

const line = (title: string, added: string | number, alreadyThere: string | number): string =>
  `${title.padEnd(28)}${String(added).padStart(10)}${String(alreadyThere).padStart(15)}`;
