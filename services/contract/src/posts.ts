import * as z from "zod";
import { id, pathId, text, timestamp } from "./fields.ts";

const postText = text(30_000).meta({ examples: ["They stay where they are."] });

export const post = z
  .object({ id, thread: id, user: id, text: z.string(), createdAt: timestamp, updatedAt: timestamp })
  .meta({ id: "Post" });
export type Post = z.output<typeof post>;

export const newPost = z.strictObject({ text: postText }).meta({ id: "NewPost" });
export type NewPost = z.output<typeof newPost>;

export const changedPost = z.strictObject({ text: postText }).meta({ id: "ChangedPost" });
export type ChangedPost = z.output<typeof changedPost>;

export const postParams = z.object({ postId: pathId });
