import type { EventSink } from "../events.ts";
import type { MovingModule } from "../module.ts";
import type { DatabaseStep, StepOptions, StepResults } from "../steps/steps.ts";

/** A running forum whose modules can be moved. */
export interface Target {
  name: string;
  /** Runs one of the steps on the databases. @throws UserError when it cannot be done, with what to do */
  step<Name extends DatabaseStep>(
    name: Name,
    module: MovingModule,
    options: StepOptions,
    report: EventSink,
  ): Promise<StepResults[Name]>;
  /** How many percent of a module's requests the balancer sends to the service first, by module. */
  weights(): Promise<Record<string, number>>;
  /** Sets it; ends when requests are shared so. */
  shift(module: MovingModule, percent: number): Promise<void>;
  /** Tells of lag and traffic, a few times a second, until the signal. */
  watch(modules: readonly MovingModule[], report: EventSink, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
