import { isBefore, type Operation, type Range, type Row } from "../history.ts";
import {
  goneBefore,
  newerValue,
  outlived,
  thereBefore,
  type Knowledge,
  type Promises,
  type Question,
} from "./expectations.ts";
import type { Thing, Things } from "./things.ts";
import type { Violation } from "./violations.ts";

/** What the judge of one operation looks things up in. */
export interface Court {
  things: Things;
  promises: Promises;
  /** What the session of the operation knew of a thing before it. */
  knows: (thing: Thing) => Knowledge;
}

const questionOf = (thing: Thing, by: Operation, { things, promises, knows }: Court): Question => ({
  ...{ thing, by, things, promises, knowledge: knows(thing) },
});

const named = ({ module, id }: Thing): string => `${module} ${id}`;

/** Judges that an operation found a row. */
export function judgePresence(row: Row, by: Operation, court: Court): Violation[] {
  const { things } = court;
  const thing = things.find(by.module, row.id)!;
  const question = questionOf(thing, by, court);
  if (row.withdrawn) return judgeMissing(thing, by, court, thing.deletes);
  const what = `${named(thing)} is "${row.value}"`;
  const one = (rule: Violation["rule"], words: string, ...operations: Operation[]): Violation[] => [
    { rule, words, operations: [...operations, by] },
  ];

  const writer = things.writer(by.module, row.value);
  if (!writer) return one("unwritten", `${what}, which nobody wrote`);
  if (writer.outcome === "refused" || writer.outcome === "unavailable") {
    return one("unacknowledged write", `${what}, which was not accepted`, writer);
  }
  if (writer.kind === "create" && thing.create !== writer) {
    return one("doubled write", `${what}, which made another row`, writer);
  }
  if (writer.kind === "change" && writer.id !== row.id) {
    return one("unwritten", `${what}, which was written elsewhere`, writer);
  }
  if (writer.invoked > by.completed) return one("unwritten", `${what} before anybody wrote that`, writer);
  const first = thing.row!;
  if (!first.withdrawn && (first.fixed !== row.fixed || first.createdAt !== row.createdAt)) {
    const [was, is] = [first, row].map(({ fixed, createdAt }) => `${fixed}, made at ${createdAt}`);
    return one("altered for good", `${named(thing)} was ${was}, and is ${is}`);
  }
  const newer = newerValue(writer, question);
  if (newer) return one(newer.reason, `${what}, although it was changed since`, writer, ...newer.proof);
  const gone = goneBefore(question);
  if (gone) return one(gone.reason, `${what}, although it was gone`, ...gone.proof);
  const deletion = outlived(question);
  if (deletion) return one("posts outlive their thread", `${what}, although its thread was deleted`, deletion);
  return [];
}

/** Judges that an operation found no such thing. A deleted account is never gone altogether. */
export function judgeAbsence(thing: Thing, by: Operation, court: Court): Violation[] {
  const deletions = [...thing.deletes, ...(thing.thread?.deletes ?? [])];
  return judgeMissing(thing, by, court, thing.module === "users" ? [] : deletions);
}

function judgeMissing(thing: Thing, by: Operation, court: Court, deletions: Operation[]): Violation[] {
  const duty = thereBefore(questionOf(thing, by, court), deletions);
  if (!duty) return [];
  return [{ rule: duty.reason, words: `${named(thing)} is not there`, operations: [...duty.proof, by] }];
}

/** Judges the order of a list; every row is there once. */
export function judgeOrder(by: Operation): Violation[] {
  const { rows } = by;
  const wrong = rows.find((row, index) => index > 0 && !isBefore(rows[index - 1]!, row));
  return wrong
    ? [{ rule: "disordered list", words: `${by.module} ${wrong.id} is out of order`, operations: [by] }]
    : [];
}

/** Whether a list of that range would show a row. */
export function covers({ thread, author, from, to }: Range, row: Row): boolean {
  if (thread !== undefined && row.thread !== thread) return false;
  if (author !== undefined && row.author !== author) return false;
  return (!from || isBefore(from, row)) && (!to || !isBefore(to, row));
}
