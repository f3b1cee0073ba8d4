/** The history by what it is about: each user, thread and post with everything that was written of it. */
import type { Module, Operation, Row } from "../history.ts";

export interface Thing {
  module: Module;
  id: number;
  /** The write that made it: acknowledged with this id, or unknown and later seen under it. */
  create?: Operation;
  /** As it was first shown. */
  row?: Row;
  /** Every write that may have taken effect, in the order in which they began. */
  writes: Operation[];
  /** Every deletion of it that may have taken effect. */
  deletes: Operation[];
  /** The thread of a post, whose deletion takes it along. */
  thread?: Thing;
}

export interface Things {
  all(module: Module): Thing[];
  find(module: Module, id: number): Thing | undefined;
  /** Who wrote a value. */
  writer(module: Module, value: string): Operation | undefined;
  /** When a write had taken effect at the latest: acknowledged, or seen by anybody. Infinity when it never showed. */
  effectBy(write: Operation): number;
}

/** Whether an operation can have changed anything. */
export const mayHold = ({ outcome }: Operation): boolean => outcome === "acknowledged" || outcome === "unknown";

export function thingsOf(operations: readonly Operation[]): Things {
  const things = new Map<string, Thing>();
  const writers = new Map<string, Operation>();
  const effects = new Map<Operation, number>();
  const thing = (module: Module, id: number): Thing => {
    const key = `${module} ${id}`;
    const known = things.get(key) ?? { module, id, writes: [], deletes: [] };
    things.set(key, known);
    return known;
  };

  for (const operation of operations) {
    const { kind, module, id, value, outcome, rows } = operation;
    if (value !== undefined) writers.set(`${module} ${value}`, operation);
    if (outcome === "acknowledged") effects.set(operation, operation.completed);
    if (kind === "create" && outcome === "acknowledged" && rows[0]) thing(module, rows[0].id).create ??= operation;
    if (id === undefined || !mayHold(operation)) continue;
    if (kind === "change") thing(module, id).writes.push(operation);
    if (kind === "delete") thing(module, id).deletes.push(operation);
  }
  for (const { module, rows, completed } of operations) {
    for (const row of rows) {
      const seen = thing(module, row.id);
      seen.row ??= row;
      const writer = writers.get(`${module} ${row.value}`);
      if (!writer) continue;
      effects.set(writer, Math.min(effects.get(writer) ?? Infinity, completed));
      if (writer.kind === "create" && writer.outcome === "unknown") claim(seen, writer);
    }
  }
  /** A write of unknown outcome made the first thing that shows it, and none else. */
  function claim(seen: Thing, writer: Operation): void {
    const isTaken = [...things.values()].some(({ create }) => create === writer);
    if (!isTaken) seen.create ??= writer;
  }
  for (const each of things.values()) {
    if (each.create) each.writes.unshift(each.create);
    const thread = each.row?.thread ?? each.create?.thread;
    if (each.module === "posts" && thread !== undefined) each.thread = thing("threads", thread);
  }

  const byModule = Map.groupBy(things.values(), ({ module }) => module);
  return {
    all: (module) => byModule.get(module) ?? [],
    find: (module, id) => things.get(`${module} ${id}`),
    writer: (module, value) => writers.get(`${module} ${value}`),
    effectBy: (write) => effects.get(write) ?? Infinity,
  };
}
