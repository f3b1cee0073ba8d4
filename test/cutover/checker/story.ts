/** Small histories, written down by hand. */
import type { FinalState } from "./checker.ts";
import type { Operation, Outcome, Row } from "../history.ts";

type Told = Partial<Operation> & Pick<Operation, "kind" | "module">;

/** Operations in the order in which they are told, one a second unless they say when. */
export interface Story {
  readonly operations: Operation[];
  tell(told: Told): Operation;
  create(session: string, row: Row, more?: Partial<Operation>): Operation;
  change(session: string, row: Row, more?: Partial<Operation>): Operation;
  delete(session: string, row: Row, more?: Partial<Operation>): Operation;
  /** Reads one row, and finds it as it is given, or not at all. */
  read(session: string, row: Row, more?: Partial<Operation>): Operation;
  misses(session: string, row: Row, more?: Partial<Operation>): Operation;
  list(session: string, rows: Row[], more?: Partial<Operation>): Operation;
  /** What is there at the end, on one side or on several. */
  final(...views: Row[][]): FinalState;
}

const EPOCH = Date.UTC(2026, 0, 1);
const SECOND = 1000;

/** The n-th second of a story. */
export const second = (n: number): number => EPOCH + n * SECOND;

/** A post with that value. */
export const post = (id: number, value: string, thread = 1): Row => ({
  ...{ id, value, thread, author: 7, createdAt: new Date(second(id)).toISOString() },
  fixed: `by user 7 in thread ${thread}`,
});

export const thread = (id: number, value: string): Row => ({
  ...{ id, value, author: 7, createdAt: new Date(second(id)).toISOString(), fixed: "by user 7" },
});

export function story(): Story {
  const operations: Operation[] = [];
  const tell = (told: Told): Operation => {
    const n = operations.length;
    const invoked = told.invoked ?? second(n);
    const outcome: Outcome = told.outcome ?? "acknowledged";
    const completed = outcome === "unknown" ? Infinity : invoked + 10;
    const operation = { ...{ n, session: "a", invoked, completed, outcome, seen: 0, rows: [] }, ...told };
    operations.push(operation);
    return operation;
  };
  const moduleOf = ({ thread }: Row) => (thread === undefined ? "threads" : "posts");
  const write =
    (kind: "create" | "change") =>
    (session: string, row: Row, more: Partial<Operation> = {}) => {
      const { id, value, thread } = row;
      const isDone = (more.outcome ?? "acknowledged") === "acknowledged";
      return tell({
        ...{ kind, module: moduleOf(row), session, value, rows: isDone ? [row] : [] },
        ...(kind === "create" ? thread !== undefined && { thread } : { id }),
        ...more,
      });
    };
  return {
    operations,
    tell,
    create: write("create"),
    change: write("change"),
    delete: (session, row, more) => tell({ kind: "delete", module: moduleOf(row), session, id: row.id, ...more }),
    read: (session, row, more) =>
      tell({ kind: "read", module: moduleOf(row), session, id: row.id, rows: [row], ...more }),
    misses: (session, row, more) =>
      tell({ kind: "read", module: moduleOf(row), session, id: row.id, outcome: "refused", answer: 404, ...more }),
    list: (session, rows, more) => tell({ kind: "list", module: "posts", session, rows, range: {}, ...more }),
    final: (...views) => ({
      at: second(operations.length + 100),
      views: views.map((rows, index) => {
        const by = Object.groupBy(rows, moduleOf);
        return { name: `side ${index + 1}`, rows: { users: [], threads: by.threads ?? [], posts: by.posts ?? [] } };
      }),
      faults: [],
    }),
  };
}
