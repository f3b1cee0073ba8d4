import type { Side } from "../../../services/chassis/src/ownership/standing.ts";
import type { EventSink } from "../events.ts";
import { modules, type MovingModule } from "../module.ts";
import { move, shiftTo } from "../move.ts";
import type { Session } from "../session.ts";
import { shiftByCanary } from "../shift.ts";
import type { Target } from "../targets/target.ts";

export interface MovesOptions {
  target: Target;
  report: EventSink;
  /** Hears every event that is reported, traffic too, as long as `work` goes on. */
  listening: <T>(hear: EventSink, work: () => Promise<T>) => Promise<T>;
  /** Milliseconds that each weight of a canary has to prove itself. */
  bake: number;
  signal: AbortSignal;
}

/**
 * Weights that a module's requests go through on their way to the service, in percent. What goes back is errors alone: in
 * a few seconds a p99 is the slowest request, and a quarter of a CPU on a busy machine has slow ones.
 */
const CANARY = { canary: [10, 50, 100], maxP99: Infinity };

/** Moves all modules to one side, one after the other: there by a canary, back at once. */
export async function moveAll(to: Side, { target, report, listening, bake, signal }: MovesOptions): Promise<void> {
  // There is a watch already: a canary listens to it.
  const watching: Session["watching"] = (_, work, hear = () => {}) => listening(hear, work);
  const shift = (module: MovingModule, percent: number) =>
    to === "service"
      ? shiftByCanary({ target, report, watching }, module, { ...CANARY, bake }, signal)
      : shiftTo(target, module, percent, report);
  for (const module of to === "service" ? modules : modules.toReversed()) {
    signal.throwIfAborted();
    await move({ target, module, to, report, shift });
  }
}
