import { DumpError } from "./dump-error.ts";
import type { Row } from "./xml.ts";

/** The value of an attribute. @throws DumpError when the row has none of that name */
export function required(row: Row, name: string): string {
  const value = row.attributes[name];
  if (value === undefined) throw new DumpError(`${row.at}: the row has no attribute ${name}`);
  return value;
}

/** An id of the dump, kept as text. @throws DumpError when it is missing or not a whole number */
export function sourceId(row: Row, name: string): string {
  const value = required(row, name);
  if (!/^-?[0-9]{1,15}$/.test(value)) throw new DumpError(`${row.at}: ${name} is not a whole number`);
  return value;
}

/** A moment as ISO text. The dump writes UTC without saying so. @throws DumpError when it is missing or none */
export function moment(row: Row, name: string): string {
  const value = required(row, name);
  const time = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,12}$/.test(value) ? Date.parse(`${value}Z`) : Number.NaN;
  if (Number.isNaN(time)) throw new DumpError(`${row.at}: ${name} is not a time like 2011-10-11T19:42:20.713`);
  return new Date(time).toISOString();
}
