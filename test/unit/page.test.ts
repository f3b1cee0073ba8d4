import assert from "node:assert/strict";
import { test } from "node:test";
import type { Request, Response } from "express";
import fc from "fast-check";
import { decodeCursor, encodeCursor, page } from "../../services/contract/src/index.ts";
import { pageValues, sendPage } from "../../services/chassis/src/page.ts";

const cursors = fc.record({
  createdAt: fc.integer({ min: 0, max: Date.UTC(9999, 11, 31, 23, 59, 59, 999) }),
  id: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
});

test("every cursor that is written is read as the same place", () => {
  fc.assert(fc.property(cursors, (cursor) => assert.deepEqual(decodeCursor(encodeCursor(cursor)), { ...cursor })));
});

test("a written cursor needs no quoting in a URL", () => {
  fc.assert(fc.property(cursors, (cursor) => assert.match(encodeCursor(cursor), /^[A-Za-z0-9_-]{1,64}$/)));
});

test("nothing else is a cursor: whatever is read would be written the same", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const cursor = decodeCursor(text);
      if (cursor) assert.equal(encodeCursor(cursor), text);
    }),
  );
});

const written = (text: string) => Buffer.from(text).toString("base64url");
for (const made of [
  "",
  "abc",
  "1.1",
  written("1"),
  written("1.0"),
  written("01.1"),
  written("1.01"),
  written("1.1.1"),
  written("-0.1"),
  written(" 1.1"),
  written("1.1\n"),
  written("1e3.1"),
  `${written("12.1")}=`,
  written("1.99999999999999999"),
]) {
  test(`made up: ${JSON.stringify(made)}`, () => {
    assert.equal(decodeCursor(made), undefined);
    assert.equal(page.safeParse({ after: made }).success, false);
  });
}

for (const text of ["253402300800000.1", "999999999999999.1", "-1.1", "1.9007199254740993", "1.9999999999999999"]) {
  test(`${text} is no place that the database could be asked for`, () => {
    assert.equal(page.safeParse({ after: written(text) }).success, false);
  });
}

/** What `sendPage` does to an answer. */
function sent(rows: { id: number; createdAt: string }[], limit: number) {
  const answer = { link: undefined as string | undefined, rows: [] as { id: number; createdAt: string }[] };
  const res = {
    set: (_name: string, value: string) => (answer.link = value),
    setHeader() {},
    end: (text: string) => (answer.rows = JSON.parse(text) as typeof rows),
  };
  const json = rows.map((row) => JSON.stringify(row));
  sendPage({ path: "/api/things" } as Request, res as unknown as Response, { limit }, json);
  return answer;
}
const rows = [1, 2, 3].map((id) => ({ id, createdAt: "2026-01-01T00:00:00.000Z" }));

test("one row more than the limit: it is not shown, and the link leads behind the last one shown", () => {
  const { link, rows: shown } = sent(rows, 2);
  assert.deepEqual(shown, rows.slice(0, 2));
  const after = /^<\/api\/things\?limit=2&after=([^>]+)>; rel="next"$/.exec(link ?? "")?.[1];
  assert.deepEqual(decodeCursor(after ?? ""), { createdAt: Date.parse(rows[1]!.createdAt), id: 2 });
});

test("the last page has no link, nor has an empty one", () => {
  assert.deepEqual(sent(rows, 3), { link: undefined, rows });
  assert.deepEqual(sent([], 3), { link: undefined, rows: [] });
});

test("the values for the statement: one row more, and everything without a cursor", () => {
  assert.deepEqual(pageValues({ limit: 20 }), ["-infinity", 0, 21]);
  assert.deepEqual(pageValues({ limit: 1, after: { createdAt: 0, id: 5 } }), ["1970-01-01T00:00:00.000Z", 5, 2]);
});

for (const limit of ["0", "101", "-1", "1.5", "1e1", "", " 1", "ten"]) {
  test(`a limit of "${limit}" is refused`, () => assert.equal(page.safeParse({ limit }).success, false));
}
