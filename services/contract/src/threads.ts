import * as z from "zod";
import { id, pathId, text, timestamp } from "./fields.ts";

const title = text(200).meta({ examples: ["Where do the old threads go?"] });

export const thread = z.object({ id, title: z.string(), createdBy: id, createdAt: timestamp }).meta({ id: "Thread" });
export type Thread = z.output<typeof thread>;

export const newThread = z.strictObject({ title }).meta({ id: "NewThread" });
export type NewThread = z.output<typeof newThread>;

export const changedThread = z.strictObject({ title }).meta({ id: "ChangedThread" });
export type ChangedThread = z.output<typeof changedThread>;

export const threadParams = z.object({ threadId: pathId });
