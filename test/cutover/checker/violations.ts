import type { Operation } from "../history.ts";

/** A promise that was not kept. */
export type Rule =
  | "lost write" // what was acknowledged is not there
  | "doubled write"
  | "unacknowledged write" // what was refused is there
  | "unwritten" // nobody wrote it
  | "undone deletion"
  | "posts outlive their thread"
  | "id given twice"
  | "own write not read"
  | "read went back"
  | "stale read" // older than the session's cookie, or than a copy may be at all
  | "disordered list"
  | "altered for good" // what never changes has changed
  | "sides differ"
  | "foreign key";

export interface Violation {
  rule: Rule;
  words: string;
  /** The operations concerned. */
  operations: Operation[];
}

const SHOWN = 12;

/** All violations in words, for people; the empty text when there is none. */
export function inWords(violations: Violation[], history: readonly Operation[]): string {
  const begin = history.find(({ invoked }) => invoked > 0)?.invoked ?? 0;
  const counts = Object.entries(Object.groupBy(violations, ({ rule }) => rule)).map(
    ([rule, those]) => `${those.length} × ${rule}`,
  );
  const told = violations.slice(0, SHOWN).map(({ rule, words, operations }) => {
    const concerned = [...new Set(operations)].sort((one, other) => one.n - other.n);
    return [`${rule}: ${words}`, ...concerned.map((operation) => `    ${tell(operation, begin)}`)].join("\n");
  });
  const more = violations.length > SHOWN ? [`… and ${violations.length - SHOWN} more`] : [];
  return violations.length === 0 ? "" : [counts.join(", "), ...told, ...more].join("\n");
}

/** One operation in a line; times in seconds since the first one began. */
export function tell(operation: Operation, begin: number): string {
  const { n, session, kind, module, id, value, thread, outcome, answer, seen, servedBy } = operation;
  const at = (time: number) => (time === 0 ? "long ago" : ((time - begin) / 1000).toFixed(3));
  const what = [
    ...[kind, module, id ?? operation.rows.map(({ id }) => id)[0], value && `"${value}"`],
    thread !== undefined && `in thread ${thread}`,
  ];
  const about = [
    `${at(operation.invoked)}–${at(operation.completed)} s`,
    `${outcome}${answer === undefined ? "" : ` (${answer})`}`,
    servedBy && `by ${servedBy}`,
    seen > 0 && `had seen ${at(seen)} s`,
  ];
  return `#${n} ${session}: ${what.filter(Boolean).join(" ")}, ${about.filter(Boolean).join(", ")}`;
}
