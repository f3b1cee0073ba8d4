/** Columns out of PostgreSQL's texts: values for the program, and JSON without the values in between. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import pg from "pg";
import { moment, rowWriter, values } from "../../services/chassis/src/columns.ts";

const { BOOL, FLOAT8, INT4, INT8, JSONB, TEXT, TIMESTAMPTZ } = pg.types.builtins;

/** How PostgreSQL writes a moment of `timestamptz(3)`: no zeros at the end of a fraction, none at all without one. */
const written = (date: Date): string =>
  `${date
    .toISOString()
    .replace("T", " ")
    .replace("Z", "")
    .replace(/\.?0*$/, "")}+00`;

const seed = Number(process.env["SEED"] ?? 1);
const dates = fc.date({
  min: new Date("0001-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59.999Z"),
  noInvalidDate: true,
});

test("a moment is what a Date makes of it", () => {
  fc.assert(
    fc.property(dates, (date) => assert.equal(moment(written(date)), date.toISOString())),
    { seed },
  );
});

for (const [text, expected] of [
  ["2026-11-21 08:00:00+00", "2026-11-21T08:00:00.000Z"],
  ["2026-11-21 08:00:00.1+00", "2026-11-21T08:00:00.100Z"],
  ["2026-11-21 08:00:00.12+00", "2026-11-21T08:00:00.120Z"],
  ["2026-11-21 08:00:00.123+00", "2026-11-21T08:00:00.123Z"],
  ["2026-11-21 08:00:00.123456+00", "2026-11-21T08:00:00.123Z"],
  ["2026-11-21 09:30:00.5+01:30", "2026-11-21T08:00:00.500Z"],
] as const) {
  test(`the moment ${text}`, () => assert.equal(moment(text), expected));
}

const fields = [
  { name: "id", dataTypeID: INT8 },
  { name: 'a "name"', dataTypeID: TEXT },
  { name: "createdAt", dataTypeID: TIMESTAMPTZ },
];
const rows = fc.array(
  fc.tuple(
    fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }).map(String),
    // Lone surrogates are not to be had from PostgreSQL.
    fc.option(fc.string({ unit: "binary" })),
    dates.map(written),
  ),
);

test("rows as JSON are what JSON.stringify makes of their values, byte for byte", () => {
  const parse = (text: string | null, oid: number) =>
    text === null ? null : (values.getTypeParser(oid, "text") as (text: string) => unknown)(text);
  fc.assert(
    fc.property(rows, (rows) => {
      const objects = rows.map((row) =>
        Object.fromEntries(fields.map(({ name, dataTypeID }, i) => [name, parse(row[i]!, dataTypeID)])),
      );
      assert.deepEqual(
        rows.map(rowWriter(fields)),
        objects.map((object) => JSON.stringify(object)),
      );
    }),
    { seed },
  );
});

for (const [type, oid, text, expected] of [
  ["a truth value", BOOL, "t", true],
  ["a small number", INT4, "42", 42],
  ["no number", FLOAT8, "NaN", null],
  ["JSON", JSONB, '{"a": [1]}', { a: [1] }],
] as const) {
  test(`a column of a type without a way of its own: ${type}`, () => {
    const write = rowWriter([{ name: "open", dataTypeID: oid }]);
    assert.equal(write([text]), JSON.stringify({ open: expected }));
  });
}
