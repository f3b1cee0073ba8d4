import pg from "pg";

/** Object ids of PostgreSQL's own types, the same in every installation. */
const INT8 = 20;
const TEXT = 25;
const TIMESTAMPTZ = 1184;

/** Session settings under which PostgreSQL writes moments as `moment` reads them. */
export const SESSION = "-c TimeZone=UTC -c DateStyle=ISO";

/**
 * A moment as the contract has it, out of PostgreSQL's text: `2026-11-21 08:00:00.12+00` is
 * `2026-11-21T08:00:00.120Z`. Without a Date in between, which would be the most expensive part of an answer.
 */
export function moment(text: string): string {
  // Years of more than four digits or before our era, infinity: nothing that the contract knows, but no reason to lie.
  if (text.charCodeAt(10) !== SPACE || !text.endsWith("+00")) return new Date(text).toISOString();
  const fraction = text.slice(20, -3).slice(0, 3);
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.length === 3 ? fraction : fraction.padEnd(3, "0")}Z`;
}
const SPACE = 32;

/** Ids are `bigint` in SQL and numbers here: the contract keeps them below 2^53. Moments are ISO texts. */
export const values: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format) {
    if (oid === INT8) return Number;
    if (oid === TIMESTAMPTZ) return moment;
    return pg.types.getTypeParser(oid, format);
  },
};

type Writer = (text: string) => string;

/** How columns of the types that the forum has are written in JSON, out of their texts. */
const writers: Record<number, Writer> = {
  [INT8]: (text) => text,
  [TEXT]: JSON.stringify,
  [TIMESTAMPTZ]: (text) => `"${moment(text)}"`,
};

function writerOf(oid: number): Writer {
  const parse = values.getTypeParser(oid, "text") as (text: string) => unknown;
  return writers[oid] ?? ((text) => JSON.stringify(parse(text)));
}

/** The texts of one row's columns, as PostgreSQL writes them. */
export type TextRow = (string | null)[];

/**
 * A function that writes rows with these columns as JSON, an object each: what `JSON.stringify` makes of the same row as
 * `values`, byte for byte, but straight from the columns, without the values and objects in between.
 */
export function rowWriter(fields: { name: string; dataTypeID: number }[]): (row: TextRow) => string {
  const columns = fields.map(({ name, dataTypeID }, i) => ({
    before: `${i === 0 ? "{" : ","}${JSON.stringify(name)}:`,
    write: writerOf(dataTypeID),
  }));
  return (row) => {
    let json = "";
    for (let i = 0; i < columns.length; i++) {
      const { before, write } = columns[i]!;
      const text = row[i];
      json += before + (text == null ? "null" : write(text));
    }
    return `${json}}`;
  };
}
