import { MODULES, type Row } from "../history.ts";
import type { View } from "./checker.ts";
import type { Violation } from "./violations.ts";

/** Compares every view of the final state with the first one. */
export const sidesAgree = ([first, ...others]: View[]): Violation[] =>
  first ? others.flatMap((other) => differences(first, other)) : [];

function differences(one: View, other: View): Violation[] {
  return MODULES.flatMap((module) => {
    const [left, right] = [one.rows[module], other.rows[module]];
    if (!left || !right) return [];
    const [leftById, rightById] = [byId(left), byId(right)];
    const ids = new Set([...leftById.keys(), ...rightById.keys()]);
    return [...ids]
      .filter((id) => leftById.get(id) !== rightById.get(id))
      .map((id) => {
        const says = (name: string, rows: Map<number, string>) => `in ${name} ${rows.get(id) ?? "not there"}`;
        const words = `${module} ${id} is ${says(one.name, leftById)} and ${says(other.name, rightById)}`;
        return { rule: "sides differ" as const, words, operations: [] };
      });
  });
}

const byId = (rows: Row[]): Map<number, string> => new Map(rows.map((row) => [row.id, JSON.stringify(sorted(row))]));

/** The same text for the same row, whatever the order of its members. */
const sorted = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1))) as unknown as Row;
