import type { AuthorAttributes } from "./authors.ts";
import { required } from "./row.ts";
import type { Row } from "./xml.ts";

/** The author of a row of Posts.xml. */
export const POST_AUTHOR: AuthorAttributes = { id: "OwnerUserId", name: "OwnerDisplayName" };

/** The author of a row of Comments.xml. */
export const COMMENT_AUTHOR: AuthorAttributes = { id: "UserId", name: "UserDisplayName" };

export const isQuestion = (row: Row): boolean => required(row, "PostTypeId") === "1";
export const isAnswer = (row: Row): boolean => required(row, "PostTypeId") === "2";
