/** Who watches modules, and who hears of it, while one piece of work is part of another. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import type { CutoverEvent, EventSink } from "../../infra/cutover/events.ts";
import { modulesNamed } from "../../infra/cutover/module.ts";
import { watcher } from "../../infra/cutover/watching.ts";

/** A target that remembers its watches, and through which a lag of every watched module can be told. */
function fakeTarget() {
  const watches = new Set<{ names: string[]; report: EventSink }>();
  return {
    watches,
    lag: () => {
      for (const { names, report } of watches) {
        for (const module of names) report({ type: "lag", module, bytes: 1, seconds: 1 });
      }
    },
    async watch(modules: ReturnType<typeof modulesNamed>, report: EventSink, signal: AbortSignal) {
      const watch = { names: modules.map(({ name }) => name), report };
      watches.add(watch);
      await once(signal, "abort");
      watches.delete(watch);
    },
  };
}

test("a canary within a move hears what the move watches, and nothing is told twice", async () => {
  const target = fakeTarget();
  const told: CutoverEvent[] = [];
  const heard: CutoverEvent[] = [];
  const watching = watcher(target, (event) => told.push(event));
  await watching(modulesNamed("all"), async () => {
    await watching(
      modulesNamed("posts"),
      async () => target.lag(),
      (event) => heard.push(event),
    );
    assert.equal(target.watches.size, 1, "the outer watch goes on");
    target.lag();
  });
  const lags = (events: CutoverEvent[]) => events.map((event) => (event.type === "lag" ? event.module : event.type));
  const names = modulesNamed("all").map(({ name }) => name);
  assert.deepEqual(lags(heard), names);
  assert.deepEqual(lags(told), [...names, ...names]);
  assert.equal(target.watches.size, 0, "every watch has ended");
});

test("after its work a module can be watched again, also when the work or the watch failed", async () => {
  const target = fakeTarget();
  const posts = modulesNamed("posts");
  const told: CutoverEvent[] = [];
  const watching = watcher(target, (event) => told.push(event));
  await assert.rejects(
    watching(posts, async () => {
      throw new Error("the work failed");
    }),
    /the work failed/,
  );
  await watching(posts, async () => target.lag());
  assert.equal(told.length, 1);
  const failing = watcher({ watch: () => Promise.reject(new Error("no figures")) }, () => {});
  assert.equal(await failing(posts, async () => 7), 7);
});
