/**
 * The checker, in the manner of Jepsen: from what clients were told and what is there at the end it finds every promise
 * that was not kept. It knows nothing of how a forum works.
 */
import { MODULES, type Module, type Operation, type Row } from "../history.ts";
import { horizon, type Knowledge, type Promises } from "./expectations.ts";
import { covers, judgeAbsence, judgeOrder, judgePresence, type Court } from "./findings.ts";
import { sidesAgree } from "./sides.ts";
import { thingsOf, type Thing, type Things } from "./things.ts";
import type { Rule, Violation } from "./violations.ts";

/** What is there once the clients have stopped and replication has caught up. */
export interface FinalState {
  /** When reading it began. */
  at: number;
  /** Every view of it, such as a side's databases or its API; the first is the owner's, and what the others must equal. */
  views: View[];
  /** What else is wrong with the databases, in words. */
  faults: { rule: Rule; words: string }[];
}

export interface View {
  name: string;
  rows: Partial<Record<Module, Row[]>>;
}

export type CheckOptions = Partial<Promises>;

/** The session in whose name the final state is read. */
const END = "the end";

/** Finds what is wrong; nothing when every promise was kept. */
export function check(
  operations: readonly Operation[],
  final: FinalState,
  { staleness = 2000, grace = 5000 }: CheckOptions = {},
): Violation[] {
  const promises = { staleness, grace };
  const history = [...operations, ...readingOf(final, operations.length)];
  const things = thingsOf(history);
  const sessions = Map.groupBy(history, ({ session }) => session);
  return [
    ...idsGivenTwice(operations),
    ...[...sessions.values()].flatMap((session) => judgeSession(session, things, promises)),
    ...sidesAgree(final.views),
    ...final.faults.map(({ rule, words }) => ({ rule, words, operations: [] })),
  ];
}

/** The final state as requests of a session that has seen everything. */
function readingOf({ at, views }: FinalState, n: number): Operation[] {
  const reading = (module: Module, index: number): Operation => ({
    ...{ n: n + index, session: END, kind: "list", module, outcome: "acknowledged", range: {} },
    ...{ invoked: at, completed: at, seen: at, rows: views[0]?.rows[module] ?? [] },
  });
  return MODULES.map(reading);
}

function idsGivenTwice(operations: readonly Operation[]): Violation[] {
  const made = operations.filter(({ kind, outcome }) => kind === "create" && outcome === "acknowledged");
  const byId = Map.groupBy(made, ({ module, rows }) => `${module} ${rows[0]?.id}`);
  return [...byId]
    .filter(([, operations]) => operations.length > 1)
    .map(([thing, operations]) => ({ rule: "id given twice", words: `${thing} was made more than once`, operations }));
}

/** Judges the requests of one session in their order, each by what the session knew before it. */
function judgeSession(session: Operation[], things: Things, promises: Promises): Violation[] {
  const knowledge = new Map<Thing, Knowledge>();
  const knows = (thing: Thing): Knowledge => {
    const known = knowledge.get(thing) ?? { seen: new Map() };
    knowledge.set(thing, known);
    return known;
  };
  const court: Court = { things, promises, knows };
  return session.flatMap((operation) => {
    const missing = missedBy(operation, things);
    const found = [
      ...judgeOrder(operation),
      ...operation.rows.flatMap((row) => judgePresence(row, operation, court)),
      ...missing.flatMap((thing) => judgeAbsence(thing, operation, court)),
    ];
    remember(operation, missing, things, promises, knows);
    return operation.session === END ? found.map(atTheEnd) : found;
  });
}

/** What an operation looked for and did not find. */
function missedBy({ kind, module, id, thread, answer, rows, range, outcome }: Operation, things: Things): Thing[] {
  if (answer === 404) {
    const missed = kind === "create" ? things.find("threads", thread ?? 0) : things.find(module, id ?? 0);
    return missed ? [missed] : [];
  }
  if (kind !== "list" || outcome !== "acknowledged" || !range) return [];
  const shown = new Set(rows.map(({ id }) => id));
  return things.all(module).filter(({ id, row }) => row && !shown.has(id) && covers(range, row));
}

/** Adds what an operation showed to what its session knows. */
function remember(
  operation: Operation,
  missing: Thing[],
  things: Things,
  promises: Promises,
  knows: (thing: Thing) => Knowledge,
): void {
  const { module, rows } = operation;
  for (const row of rows.filter(({ withdrawn }) => !withdrawn)) {
    const known = knows(things.find(module, row.id)!);
    known.exists ??= operation;
    const writer = things.writer(module, row.value);
    if (writer && !known.seen.has(writer)) known.seen.set(writer, operation);
  }
  const withdrawn = rows.filter(({ withdrawn }) => withdrawn).map(({ id }) => things.find(module, id)!);
  for (const thing of [...missing, ...withdrawn]) {
    const known = knows(thing);
    const hasBeen = known.exists ?? (thing.create && things.effectBy(thing.create) < horizon(operation, promises));
    if (hasBeen) known.gone ??= operation;
  }
}

/** What a late reader calls stale is lost. */
function atTheEnd(violation: Violation): Violation {
  if (violation.rule !== "stale read") return violation;
  const isGone = violation.words.endsWith("although it was gone");
  return { ...violation, rule: isGone ? "undone deletion" : "lost write" };
}
