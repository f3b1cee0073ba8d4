/** Rows as the API and as the databases write them, in the checker's terms. */
import type { Post, Thread, User } from "../../services/contract/src/index.ts";
import type { Module, Row } from "./history.ts";

/** What a deleted account is called. */
const WITHDRAWN = /^deleted~\d+$/;

const readers: Record<Module, (row: unknown) => Row> = {
  users(row) {
    const { id, username, name, bio, createdAt } = row as User;
    const withdrawn = WITHDRAWN.test(username);
    // Clients write both at once; a row that has one without the other is nobody's.
    const value = name === bio ? name : `${name} | ${bio}`;
    return { id, createdAt, value, fixed: withdrawn ? "" : username, ...(withdrawn && { withdrawn }) };
  },
  threads(row) {
    const { id, title, createdBy, createdAt } = row as Thread;
    return { id, createdAt, value: title, author: createdBy, fixed: `by user ${createdBy}` };
  },
  posts(row) {
    const { id, thread, user, text, createdAt } = row as Post;
    return { id, createdAt, value: text, author: user, thread, fixed: `by user ${user} in thread ${thread}` };
  },
};

/** The rows that an answer shows: one, a list of them, or none. */
export function rowsOf(module: Module, body: unknown): Row[] {
  const rows = Array.isArray(body) ? body : [body];
  return rows.filter((row) => typeof row === "object" && row !== null && "id" in row).map(readers[module]);
}
