import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

export type Attributes = Record<string, string | number>;

/** The rows of a dump; a file that is given as text is written as it is. */
export interface Dump {
  users?: Attributes[] | string;
  posts?: Attributes[] | string;
  comments?: Attributes[] | string;
}

const AT = "2020-05-17T10:00:00.000";
export const user = (id: number, more: Attributes = {}): Attributes => ({
  Id: id,
  DisplayName: `User ${id}`,
  CreationDate: AT,
  ...more,
});
export const question = (id: number, more: Attributes = {}): Attributes => ({
  Id: id,
  PostTypeId: 1,
  Title: `Question ${id}`,
  Body: `<p>Text ${id}</p>`,
  CreationDate: AT,
  OwnerUserId: 1,
  ...more,
});
export const answer = (id: number, parent: number, more: Attributes = {}): Attributes => ({
  Id: id,
  PostTypeId: 2,
  ParentId: parent,
  Body: `<p>Text ${id}</p>`,
  CreationDate: AT,
  OwnerUserId: 1,
  ...more,
});
export const comment = (id: number, post: number, more: Attributes = {}): Attributes => ({
  Id: id,
  PostId: post,
  Text: `Remark ${id}`,
  CreationDate: AT,
  UserId: 1,
  ...more,
});

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#xA;" };

process.setMaxListeners(0);

/** Writes a dump into a new folder that goes away with this process, with byte order mark and DOCTYPE as the real ones have. */
export async function writeDump(dump: Dump): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), "dump-"));
  process.once("exit", () => rmSync(dir, { recursive: true, force: true }));
  for (const root of ["users", "posts", "comments"] as const) {
    const rows = dump[root] ?? [];
    const text = typeof rows === "string" ? rows : xml(root, rows);
    await writeFile(path.join(dir, `${root[0]!.toUpperCase()}${root.slice(1)}.xml`), text);
  }
  return dir;
}

/** A file of a dump. */
export function xml(root: string, rows: Attributes[], doctype = `<!DOCTYPE ${root} SYSTEM '${root}.dtd'>`): string {
  const lines = rows.map((row) => {
    const attributes = Object.entries(row).map(
      ([name, value]) => `${name}="${String(value).replace(/[&<>"\n]/g, (found) => escapes[found]!)}"`,
    );
    return `  <row ${attributes.join(" ")} />`;
  });
  return `\uFEFF<?xml version="1.0" encoding="utf-8"?>\n${doctype}\n<${root}>\n${lines.join("\n")}\n</${root}>`;
}

/** A dump of several thousand rows with authors of every kind, and what it comes to. */
export function bigDump(): { dump: Dump; expected: { users: number; threads: number; posts: number } } {
  const users = Array.from({ length: 1500 }, (_, i) => user(i + 1));
  const questions = Array.from({ length: 400 }, (_, i) => question(i + 1, { OwnerUserId: i + 1 }));
  const answers = Array.from({ length: 1600 }, (_, i) => {
    const row = answer(1000 + i, (i % 400) + 1, { OwnerUserId: (i % 1500) + 1 });
    if (i % 10 === 0) delete row.OwnerUserId;
    return i % 20 === 0 ? { ...row, OwnerDisplayName: `guest ${i % 7}` } : row;
  });
  const others = Array.from({ length: 30 }, (_, i) => ({ ...question(5000 + i), PostTypeId: 5 }));
  const comments = Array.from({ length: 3000 }, (_, i) =>
    comment(i + 1, i % 100 === 0 ? 5000 : 1000 + (i % 1600), i % 50 === 1 ? { UserId: 99_999 } : {}),
  );
  return {
    dump: { users, posts: [...questions, ...answers, ...others], comments },
    // Seven named guests and the one account for authors without a name; 30 comments belong to what is left out.
    expected: { users: 1500 + 7 + 1, threads: 400, posts: 400 + 1600 + 3000 - 30 },
  };
}

/** Folder of the dump of history.meta.stackexchange, where one is named. */
export const realDump = process.env["FORUM_DUMP"];
