import * as z from "zod";
import { id } from "./fields.ts";

/**
 * What one service tells another after the fact, delivered at least once: a receiver does the same thing once or
 * twice to the same effect.
 */
export const threadDeleted = z.strictObject({ type: z.literal("thread-deleted"), threadId: id });
export const accountWithdrawn = z.strictObject({ type: z.literal("account-withdrawn"), userId: id });

export const event = z.discriminatedUnion("type", [threadDeleted, accountWithdrawn]);
export type Event = z.output<typeof event>;

/** Where services take events from one another. The balancer has no rule for it. */
export const EVENTS_PATH = "/internal/events";
