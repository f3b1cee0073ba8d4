import * as z from "zod";

/**
 * Where a page ended. Every list is ordered by time of creation, then id, oldest first; a cursor is the last row's
 * place in that order, so that a page costs the same however deep it lies (keyset pagination).
 */
export interface Cursor {
  /** Milliseconds since the epoch. */
  createdAt: number;
  id: number;
}

/** The cursor's written form. Clients treat it as opaque and take it from the `Link` header. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(`${cursor.createdAt}.${cursor.id}`).toString("base64url");
}

/** The last millisecond that both JavaScript and PostgreSQL write with a year of four digits. */
const LAST_MOMENT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Reads a cursor back; undefined for anything that `encodeCursor` did not write of a row. */
export function decodeCursor(written: string): Cursor | undefined {
  const match = /^([0-9]{1,15})\.([1-9][0-9]{0,15})$/.exec(Buffer.from(written, "base64url").toString("latin1"));
  if (!match) return undefined;
  const cursor = { createdAt: Number(match[1]), id: Number(match[2]) };
  return encodeCursor(cursor) === written && cursor.createdAt <= LAST_MOMENT ? cursor : undefined;
}

export const DEFAULT_LIMIT = 20;
export const MAX_LIMIT = 100;

const limit = z
  .string()
  .regex(/^[1-9][0-9]{0,2}$/, `must be an integer from 1 to ${MAX_LIMIT}`)
  .transform(Number)
  .refine((value) => value <= MAX_LIMIT, `must be an integer from 1 to ${MAX_LIMIT}`)
  .meta({
    description: "How many rows a page has at most.",
    override: { type: "integer", minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
  });

const after = z
  .string()
  .max(64, "must be a cursor out of a Link header")
  .transform((written, context) => {
    const cursor = decodeCursor(written);
    if (cursor) return cursor;
    context.addIssue({ code: "custom", message: "must be a cursor out of a Link header" });
    return z.NEVER;
  })
  .meta({ description: 'Cursor of the page before, as in `Link: <…>; rel="next"`.', override: { type: "string" } });

/** The query of every list. Unknown query parameters are ignored. */
export const page = z.object({ limit: limit.default(DEFAULT_LIMIT), after: after.optional() });
export type Page = z.output<typeof page>;
