/** What clients did and were told: the evidence that the checker judges. */

export const MODULES = ["users", "threads", "posts"] as const;
export type Module = (typeof MODULES)[number];

/** Where a list begins after, or a page ends: lists are in this order. */
export interface Place {
  createdAt: string;
  id: number;
}

/** A user, a thread or a post as an answer showed it. */
export interface Row extends Place {
  /** What can be changed of it: a post's text, a thread's title, a user's name and biography. Unique to its write. */
  value: string;
  /** What never changes of it, in words. */
  fixed: string;
  /** Who wrote it; of threads and posts. */
  author?: number;
  /** Where a post is. */
  thread?: number;
  /** An account that has been deleted: its row stays, without anything personal. */
  withdrawn?: true;
}

/**
 * - `acknowledged`: 2xx
 * - `refused`: 4xx
 * - `unavailable`: 503 with `Retry-After`, or the connection was never made; nothing was written
 * - `unknown`: the connection broke, there was no answer in time, or another 5xx; it may be written or not, or later
 */
export type Outcome = "acknowledged" | "refused" | "unavailable" | "unknown";

export type Kind = "create" | "change" | "delete" | "read" | "list" | "log in";

/** Which rows a list would have shown, had they been there. */
export interface Range {
  /** The one thread or account whose posts were listed. */
  thread?: number;
  author?: number;
  /** Where the page begins after. */
  from?: Place;
  /** Where it ended, because there were more. */
  to?: Place;
}

/** What a client is about to do. */
export interface Attempt {
  kind: Kind;
  module: Module;
  /** The row that is addressed; a new one's is known from the answer. */
  id?: number;
  /** What is written. */
  value?: string;
  /** Where a post is written. */
  thread?: number;
  /** Who does it: an account's id. */
  account?: number;
}

/** One request, its times in milliseconds since 1970. */
export interface Operation extends Attempt {
  /** Its place in the history. */
  n: number;
  session: string;
  invoked: number;
  /** Infinity while nobody knows whether it still goes on. */
  completed: number;
  outcome: Outcome;
  /** The answer's status, or what broke. */
  answer?: number | string;
  /** What the session's cookie said it had seen: a copy may answer only when it is newer. 0 when it said nothing. */
  seen: number;
  /** Who answered, by `X-Served-By`. */
  servedBy?: string;
  /** What the answer showed. */
  rows: Row[];
  range?: Range;
}

export interface History {
  readonly operations: Operation[];
  /** Notes that an operation begins; its outcome is unknown until somebody knows better. */
  begin(session: string, attempt: Attempt, seen: number): Operation;
}

export function openHistory(): History {
  const operations: Operation[] = [];
  return {
    operations,
    begin(session, attempt, seen) {
      const times = { invoked: now(), completed: Infinity };
      const operation: Operation = {
        ...{ ...attempt, n: operations.length, session, seen, ...times },
        ...{ outcome: "unknown", rows: [] },
      };
      operations.push(operation);
      return operation;
    },
  };
}

/** Milliseconds since 1970, with a fraction: the clock of every operation. */
export const now = (): number => performance.timeOrigin + performance.now();

/** Whether one place in a list comes before another. */
export const isBefore = (one: Place, other: Place): boolean =>
  one.createdAt === other.createdAt ? one.id < other.id : one.createdAt < other.createdAt;

/** Notes what was there before the clients began, as writes of somebody who did them long ago. */
export function recordPast(history: History, rows: Record<Module, Row[]>): void {
  const note = (kind: Kind, module: Module, more: Partial<Operation>) => {
    const operation = history.begin(PAST, { kind, module }, 0);
    Object.assign(operation, { outcome: "acknowledged", invoked: 0, completed: 0, ...more });
  };
  for (const module of MODULES) {
    for (const row of rows[module]) {
      const { id, value, withdrawn } = row;
      note("create", module, { value, rows: [row] });
      if (withdrawn) note("delete", module, { id });
    }
  }
}

const PAST = "the past";

/** The operations of clients. */
export const requestsOf = ({ operations }: Pick<History, "operations">): Operation[] =>
  operations.filter(({ session }) => session !== PAST);
