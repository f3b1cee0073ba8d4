import { SIDES } from "../../../services/chassis/src/ownership/standing.ts";
import { durationText } from "../duration.ts";
import { bytesText, count, eventText } from "../event-text.ts";
import type { TimedEvent } from "../events.ts";
import { recentFigures } from "./figures.ts";
import { createView, type ModuleView } from "./view.ts";

/** Milliseconds between two lines about how it goes. */
const STATUS_EVERY = 5000;

/** Makes lines of events: one for each that is worth it, and one about each module every few seconds. */
export function plainLines(): (event: TimedEvent) => string[] {
  const { view, apply } = createView();
  let lastStatus = -Infinity;
  return (event) => {
    apply(event);
    const line = (text: string) => `${((event.at - view.started!) / 1000).toFixed(1).padStart(7)} s  ${text}`;
    const text = eventText(event);
    if (text !== undefined) return [line(text)];
    if (event.type === "step" || event.at - lastStatus < STATUS_EVERY) return [];
    lastStatus = event.at;
    return view.modules.flatMap((one) => statusText(one) ?? []).map(line);
  };
}

/** How a module does, in a line: copy, lag, traffic of both sides. */
function statusText({ module, steps, copy, lag, traffic }: ModuleView): string | undefined {
  const isCopying = copy && copy.rows < copy.total && steps.get("prepare")?.state !== "done";
  const parts = [
    isCopying && `${count(copy.rows)} of ${count(copy.total)} rows copied, ${count(copy.rate)}/s`,
    lag && `${bytesText(lag.bytes)} and ${durationText(lag.seconds * 1000)} behind`,
    ...SIDES.map((side) => {
      const { looks, errors } = traffic[side];
      if (looks.length === 0) return undefined;
      const { rate, p99 } = recentFigures(looks);
      const slowest = p99 === undefined ? "" : `, p99 ${durationText(p99)}`;
      return `${side} ${rate.toFixed(1)}/s${slowest}, ${count(errors)} errors`;
    }),
  ].filter((part) => part !== undefined && part !== false);
  return parts.length === 0 ? undefined : `${module}: ${parts.join("; ")}`;
}
