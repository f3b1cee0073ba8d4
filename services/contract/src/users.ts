import * as z from "zod";
import { id, pathId, someOf, text, timestamp } from "./fields.ts";

/** ASCII only, so that "any case" means the same in JavaScript and in PostgreSQL. */
const username = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{1,38}[A-Za-z0-9]$/,
    "must have 3 to 40 letters, digits, dots, hyphens or underscores, and begin and end with a letter or digit",
  )
  .meta({ description: "Unique in any case.", examples: ["ada"] });

const password = text(200)
  .refine((value) => value.length >= 8, "must have at least 8 characters")
  .meta({ override: { type: "string", minLength: 8, maxLength: 200 } });
const name = text(100).meta({ examples: ["Ada Lovelace"] });
const bio = text(2000, { blank: true });

export const user = z
  .object({ id, username: z.string(), name: z.string(), bio: z.string(), createdAt: timestamp })
  .meta({ id: "User", description: "A deleted account keeps its id and has neither name nor biography of its own." });
export type User = z.output<typeof user>;

export const newUser = z.strictObject({ username, password, name, bio: bio.optional() }).meta({ id: "NewUser" });
export type NewUser = z.output<typeof newUser>;

export const changedUser = someOf({ name, bio }).meta({ id: "ChangedUser" });
export type ChangedUser = z.output<typeof changedUser>;

export const userParams = z.object({ userId: pathId });

/** Looser than `newUser`: a name that cannot exist is answered like one that does not. */
export const credentials = z.strictObject({ username: text(100), password: text(200) }).meta({ id: "Credentials" });
export type Credentials = z.output<typeof credentials>;

export const session = z
  .object({ token: z.string().meta({ description: "For `Authorization: Bearer`." }), expiresAt: timestamp })
  .meta({ id: "Session" });
export type Session = z.output<typeof session>;

/** Public halves of the keys that tokens are signed with (RFC 7517). */
export const keySet = z
  .object({
    keys: z.array(
      z.object({
        kty: z.string(),
        kid: z.string(),
        alg: z.string(),
        use: z.literal("sig"),
        crv: z.string(),
        x: z.string(),
        y: z.string().optional(),
      }),
    ),
  })
  .meta({ id: "KeySet" });
export type KeySet = z.output<typeof keySet>;
