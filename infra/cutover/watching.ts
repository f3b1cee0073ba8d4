import type { EventSink } from "./events.ts";
import type { MovingModule } from "./module.ts";
import type { Target } from "./targets/target.ts";

/** Watches lag and traffic of modules while some work is done; each event goes to `hear` as well. */
export type Watching = <T>(modules: readonly MovingModule[], work: () => Promise<T>, hear?: EventSink) => Promise<T>;

/** What is watched already is not watched once more by work within work: its traffic would count twice. */
export function watcher(target: Pick<Target, "watch">, report: EventSink): Watching {
  const watched = new Set<string>();
  const hearers = new Set<EventSink>();
  const tell: EventSink = (event) => [report, ...hearers].forEach((sink) => sink(event));
  return async (modules, work, hear = () => {}) => {
    const over = new AbortController();
    const fresh = modules.filter(({ name }) => !watched.has(name));
    for (const { name } of fresh) watched.add(name);
    hearers.add(hear);
    // It is there to be looked at: that it fails must not end what is looked at.
    const watch = fresh.length > 0 ? target.watch(fresh, tell, over.signal).catch(() => {}) : undefined;
    try {
      return await work();
    } finally {
      over.abort();
      await watch;
      hearers.delete(hear);
      for (const { name } of fresh) watched.delete(name);
    }
  };
}
