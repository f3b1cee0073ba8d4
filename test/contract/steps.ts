import fc from "fast-check";

/** Who calls: one of the people of a sequence, the moderator, nobody, or somebody with a token that is none. */
export type Caller = number | "moderator" | "nobody" | "forger";

/** Which thing: the how-maniest of those made so far, one that never was, or what is no id. */
export type Choice = number | "unknown" | "nonsense";

export type Step =
  | { do: "register"; again: boolean; name: string }
  | { do: "log in"; who: number; right: boolean }
  | { do: "read"; kind: Kind; which: Choice }
  | { do: "list"; of: List; which: Choice; limit: string }
  | { do: "create"; kind: "threads" | "posts"; by: Caller; in: Choice; body: unknown }
  | { do: "change"; kind: Kind; by: Caller; which: Choice; body: unknown }
  | { do: "delete"; kind: Kind; by: Caller; which: Choice }
  | { do: "stray"; method: "GET" | "PUT" | "OPTIONS" | "HEAD"; path: string };

export type Kind = "users" | "threads" | "posts";

/** A whole table from one of its rows on, or the posts of a thread or of an account. */
export type List = Kind | "in-thread" | "by-user";

/** How many people a sequence begins with; a deleted one stays in the list, with a token that is void. */
export const PEOPLE = 3;

const kind = fc.constantFrom<Kind>("users", "threads", "posts");
const choice = fc.oneof(
  { weight: 12, arbitrary: fc.nat(30) },
  { weight: 1, arbitrary: fc.constantFrom<Choice>("unknown", "nonsense") },
);
const caller = fc.oneof(
  { weight: 10, arbitrary: fc.nat(PEOPLE - 1) },
  { weight: 3, arbitrary: fc.constantFrom<Caller>("moderator", "nobody", "forger") },
);

const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ minLength: 1, maxLength: 30, unit: "grapheme" }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 300, unit: "binary" }) },
  { weight: 1, arbitrary: fc.constantFrom("", " ", "\0", "\ud800", "a".repeat(30_001)) },
);
const wrongBody = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom({}, [], { title: 1, text: null, name: [] }));
const fields = { users: "name", threads: "title", posts: "text" } as const;
/** A body that mostly fits. */
const bodyOf = (kind: Kind): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 5, arbitrary: text.map((value) => ({ [fields[kind]]: value })) },
    { weight: 1, arbitrary: wrongBody },
  );

const create = (kind: "threads" | "posts"): fc.Arbitrary<Step> =>
  fc.record({
    do: fc.constant("create" as const),
    kind: fc.constant(kind),
    by: caller,
    in: choice,
    body: bodyOf(kind),
  });
const change = (kind: Kind): fc.Arbitrary<Step> =>
  fc.record({
    do: fc.constant("change" as const),
    kind: fc.constant(kind),
    by: caller,
    which: choice,
    body: bodyOf(kind),
  });
const limit = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 100 }).map(String) },
  { weight: 1, arbitrary: fc.constantFrom("0", "101", "x", "") },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constant("register" as const), again: fc.boolean(), name: text }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("log in" as const), who: fc.nat(PEOPLE - 1), right: fc.boolean() }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("read" as const), kind, which: choice }) },
  {
    weight: 6,
    arbitrary: fc.record({
      ...{ do: fc.constant("list" as const), which: choice, limit },
      of: fc.constantFrom<List>("users", "threads", "posts", "in-thread", "in-thread", "by-user"),
    }),
  },
  { weight: 4, arbitrary: create("threads") },
  { weight: 10, arbitrary: create("posts") },
  { weight: 1, arbitrary: change("users") },
  { weight: 2, arbitrary: change("threads") },
  { weight: 3, arbitrary: change("posts") },
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ do: fc.constant("delete" as const), by: caller, which: choice },
      // Accounts are few: once they are gone, there is nothing to see.
      kind: fc.constantFrom<Kind>("posts", "posts", "posts", "threads", "threads", "users"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("stray" as const),
      method: fc.constantFrom("GET", "PUT", "OPTIONS", "HEAD"),
      path: fc.constantFrom(
        "/",
        "/api/",
        "/api",
        "/API/users",
        "/api/users/",
        "/api/posts/by-user",
        "/api/threads/1/2",
        "/x",
      ),
    }),
  },
);

/** Sequences of up to `most` calls. */
export const sequence = (most: number): fc.Arbitrary<Step[]> =>
  fc.array(step, { minLength: 1, maxLength: most, size: "max" });
