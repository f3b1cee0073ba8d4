import { endingOf, messageOf } from "../ending.ts";
import { kindOf } from "../kinds/index.ts";
import type { Change } from "../plan/change.ts";
import type { Progress } from "../run/run.ts";

const DONE = { create: "created", change: "changed", replace: "replaced", wait: "ready", delete: "deleted" };

/** Tells of a run, a line for each thing that happens, with the seconds since its start. */
export function progressLines(write: (line: string) => void): Progress {
  const start = performance.now();
  const said = new Set<string>();
  const say = (change: Change, what: string) => {
    const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
    write(`${seconds} s  ${kindOf(change.kind).title} ${change.name}: ${what}`);
  };
  return {
    started: () => {},
    waiting: (change, until) => {
      // The same question is asked many times.
      const key = `${change.id} ${until}`;
      if (!said.has(key)) say(change, `waits until ${until}`);
      said.add(key);
    },
    done: (change, seconds) => say(change, `${DONE[change.action]} in ${seconds.toFixed(1)} s`),
    failed: (change, error) => say(change, `${endingOf(error)}: ${messageOf(error)}`),
  };
}
