import * as z from "zod";

/** Largest id: what a JavaScript number holds exactly. */
const MAX_ID = Number.MAX_SAFE_INTEGER;

/** An id as JSON carries it: a positive integer. */
export const id = z
  .int()
  .min(1)
  .max(MAX_ID)
  .meta({ description: "A positive integer.", examples: [1] });

/** An id as a path carries it: its decimal digits, without sign or leading zero. */
export const pathId = z
  .string()
  .regex(/^[1-9][0-9]{0,15}$/, "must be a positive integer")
  .transform(Number)
  .refine((value) => value <= MAX_ID, `must be at most ${MAX_ID}`)
  .meta({ override: { type: "integer", minimum: 1, maximum: MAX_ID } });

/** A moment, in UTC with milliseconds: the one format in which both worlds write it. */
export const timestamp = z.iso
  .datetime({ precision: 3 })
  .meta({ description: "UTC with milliseconds.", examples: ["2026-11-21T08:00:00.000Z"] });

/** Number of Unicode code points, which is how JSON Schema counts `maxLength`. */
function codePoints(value: string): number {
  let count = 0;
  for (const _ of value) count++;
  return count;
}

/**
 * Text of up to `max` Unicode code points. Anything that PostgreSQL can store is data and comes back as it was sent;
 * what it cannot store (U+0000, lone surrogates) is refused. With `blank: false` something visible must be in it.
 */
export function text(max: number, { blank = false } = {}) {
  return z
    .string()
    .refine((value) => value.length <= max || codePoints(value) <= max, `must have at most ${max} characters`)
    .refine((value) => !value.includes("\0"), "must not contain the character U+0000")
    .refine((value) => value.isWellFormed(), "must be well-formed Unicode, without lone surrogates")
    .refine((value) => blank || /\S/u.test(value), "must not be blank")
    .meta({ override: { type: "string", maxLength: max, ...(blank ? {} : { minLength: 1 }) } });
}

/** An object of which at least one of its optional fields is given. */
export function someOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return z
    .strictObject(shape)
    .partial()
    .refine((value) => Object.keys(value).length > 0, `must have at least one of: ${Object.keys(shape).join(", ")}`)
    .meta({ override: { minProperties: 1 } });
}
