/** The steps that work on databases. They run where these can be reached: in this process or in a one-off task. */
import type { Side } from "../../../services/chassis/src/ownership/standing.ts";
import { withHomes, type Addresses, type Context } from "../context.ts";
import type { EventSink } from "../events.ts";
import type { MovingModule } from "../module.ts";
import { exclusively } from "./exclusively.ts";
import { handover, type HandedOver } from "./handover.ts";
import { prepare, type Prepared } from "./prepare.ts";
import { retire } from "./retire.ts";
import { statusOf, type ModuleStatus } from "./status.ts";
import { verify, type Verified } from "./verify.ts";

export interface StepResults {
  status: ModuleStatus;
  prepare: Prepared;
  verify: Verified;
  handover: HandedOver;
  retire: null;
}
export type DatabaseStep = keyof StepResults;

export interface StepOptions {
  /** Of a handover: where to. */
  to?: Side;
}

type Step<Result> = (
  context: Context,
  module: MovingModule,
  options: StepOptions,
  report: EventSink,
) => Promise<Result>;

export const databaseSteps: { [Name in DatabaseStep]: Step<StepResults[Name]> } = {
  status: ({ homes }, module) => statusOf(homes, module),
  prepare: ({ homes }, module, _, report) => exclusively(homes, module, () => prepare(homes, module, report)),
  verify: (context, module, _, report) => verify(context, module, report),
  handover: ({ homes }, module, { to = "service" }, report) =>
    exclusively(homes, module, () => handover(homes, module, { to }, report)),
  retire: ({ homes }, module) => exclusively(homes, module, () => retire(homes, module)).then(() => null),
};

/** Runs one step on a module. @throws UserError when it cannot be done, with what to do */
export const runStep = <Name extends DatabaseStep>(
  name: Name,
  addresses: Addresses,
  module: MovingModule,
  options: StepOptions,
  report: EventSink,
): Promise<StepResults[Name]> =>
  withHomes(addresses, (context) => databaseSteps[name](context, module, options, report));
