/**
 * Every write that the load has sent and what became of it: at the end, each acknowledged one has to be there once.
 * Each row is written by one client alone, one write after another, so that its last acknowledged state is known.
 */

/** Kinds of rows, named after their modules. */
export type Kind = "users" | "threads" | "posts";

/** A row that was acknowledged. */
export interface Entry {
  kind: Kind;
  id: number;
  /** The text that it was last acknowledged with; undefined once its deletion was. */
  text: string | undefined;
  /** What unacknowledged writes may have made of it since: other texts, or undefined for a deletion. */
  possible: (string | undefined)[];
}

/** What the forum shows of a row. */
export interface Shown {
  id: number;
  text: string;
}

export type Everything = Record<Kind, Shown[]>;

export interface Ledger {
  readonly entries: readonly Entry[];
  /** Acknowledged writes. */
  readonly acknowledged: number;
  /** Notes an acknowledged creation. */
  created(kind: Kind, id: number, text: string): Entry;
  /** Notes an acknowledged change, or with undefined a deletion. */
  became(entry: Entry, text: string | undefined): void;
  /** Notes that nobody knows whether a change was done. */
  mayHaveBecome(entry: Entry, text: string | undefined): void;
}

export function openLedger(): Ledger {
  const entries: Entry[] = [];
  let acknowledged = 0;
  return {
    entries,
    get acknowledged() {
      return acknowledged;
    },
    created(kind, id, text) {
      acknowledged++;
      const entry: Entry = { kind, id, text, possible: [] };
      entries.push(entry);
      return entry;
    },
    became(entry, text) {
      acknowledged++;
      entry.text = text;
      entry.possible = [];
    },
    mayHaveBecome(entry, text) {
      entry.possible.push(text);
    },
  };
}

/** What is wrong, each in words. */
export interface Audit {
  lost: string[];
  doubled: string[];
}

/** Compares what was acknowledged with what is there. */
export function audit(entries: readonly Entry[], everything: Everything): Audit {
  const lost: string[] = [];
  for (const kind of ["users", "threads", "posts"] as const) {
    const shown = new Map(everything[kind].map(({ id, text }) => [id, text]));
    for (const { id, text, possible } of entries.filter((entry) => entry.kind === kind)) {
      const found = shown.get(id);
      if (found !== text && !possible.includes(found)) lost.push(sentence(kind, id, text, found));
    }
  }
  return { lost, doubled: Object.entries(everything).flatMap(([kind, rows]) => doubles(kind, rows)) };
}

function sentence(kind: Kind, id: number, text: string | undefined, found: string | undefined): string {
  if (text === undefined) return `${kind} ${id} was deleted and is there`;
  return found === undefined ? `${kind} ${id} is not there` : `${kind} ${id} says "${found}" instead of "${text}"`;
}

/** Rows with an id that another one has, or with a text of the load, of which no two are alike. */
function doubles(kind: string, rows: readonly Shown[]): string[] {
  const ids = repeated(rows.map(({ id }) => id)).map((id) => `${kind} ${id} is there twice`);
  const texts = repeated(rows.map(({ text }) => text).filter((text) => MARK.test(text)));
  return [...ids, ...texts.map((text) => `${kind} "${text}" was written twice`)];
}

function repeated<T>(values: readonly T[]): T[] {
  const seen = new Set<T>();
  return values.filter((value) => seen.size === seen.add(value).size);
}

/** How texts of the load end: client and number. */
const MARK = / \[\d+\.\d+\]$/;

/** A text that no other write has. */
export const marked = (words: string, client: number, n: number): string => `${words} [${client}.${n}]`;
