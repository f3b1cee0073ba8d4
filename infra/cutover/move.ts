/** The whole way of a module in one direction: every step in order, each skipped if it is done. */
import type { Side } from "../../services/chassis/src/ownership/standing.ts";
import { UserError } from "../terminal/user-error.ts";
import type { EventSink, StepName } from "./events.ts";
import type { MovingModule } from "./module.ts";
import type { Prepared } from "./steps/prepare.ts";
import type { Target } from "./targets/target.ts";

interface Step {
  name: StepName;
  /** Whether there is nothing to do. */
  isDone: () => Promise<boolean>;
  /** Gives what came of it, in a few words. */
  work: () => Promise<string>;
}

export interface MoveOptions {
  target: Target;
  module: MovingModule;
  to: Side;
  report: EventSink;
  /** Moves the weights and gives what came of it; all at once unless given. */
  shift?: (module: MovingModule, percent: number) => Promise<string>;
}

/** Moves a module to one side. Can be run again after whatever has happened: it goes on from there. */
export async function move(options: MoveOptions): Promise<void> {
  const { module, report } = options;
  const steps = stepsOf(options);
  for (const { name } of steps) report({ type: "step", module: module.name, step: name, state: "planned" });
  for (const step of steps) await take(module, step, report);
}

/** Takes one step and tells of it. */
async function take(
  { name: module }: MovingModule,
  { name: step, isDone, work }: Step,
  report: EventSink,
): Promise<void> {
  const begin = performance.now();
  if (await isDone()) return report({ type: "step", module, step, state: "skipped" });
  report({ type: "step", module, step, state: "started" });
  const ms = () => Math.round(performance.now() - begin);
  try {
    const detail = await work();
    report({ type: "step", module, step, state: "done", ms: ms(), detail });
  } catch (error) {
    report({ type: "step", module, step, state: "failed", ms: ms(), detail: (error as Error).message });
    throw error;
  }
}

function stepsOf({ target, module, to, report, shift }: MoveOptions): Step[] {
  const percent = to === "service" ? 100 : 0;
  const status = () => target.step("status", module, {}, report);
  const isThere = async () => (await status()).owner === to;
  return [
    {
      name: "prepare",
      isDone: async () => {
        const { linked, owner } = await status();
        return linked || owner === to;
      },
      async work() {
        return copiedText(await target.step("prepare", module, {}, report));
      },
    },
    { name: "verify", isDone: isThere, work: () => verifyWith(target, module, report) },
    {
      name: "shift",
      isDone: async () => (await target.weights())[module.name] === percent,
      work: () => (shift ? shift(module, percent) : shiftTo(target, module, percent, report)),
    },
    {
      name: "handover",
      isDone: isThere,
      async work() {
        const { stall } = await target.step("handover", module, { to }, report);
        return `writers waited ${Math.round(stall)} ms`;
      },
    },
  ];
}

/** Compares both sides. @throws UserError that lists what differs */
export async function verifyWith(target: Target, module: MovingModule, report: EventSink): Promise<string> {
  const { tables, answers } = await target.step("verify", module, {}, report);
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const wrong = tables.flatMap(({ table, differences }) =>
    differences.map(({ id, what }) => `  row ${id} of ${table} ${what} in the copy`),
  );
  const all = [...wrong, ...answers.differences.map((difference) => `  ${difference}`)];
  if (all.length === 0) return `${rows} rows and ${answers.compared} answers are the same`;
  throw new UserError(`${module.name} is not the same on both sides:\n${all.join("\n")}`, 3);
}

/** Sets the balancer's weights of a module. */
export async function shiftTo(
  target: Target,
  module: MovingModule,
  percent: number,
  report: EventSink,
): Promise<string> {
  await target.shift(module, percent);
  report({ type: "weights", module: module.name, percent });
  return `${percent} % to the service`;
}

/** What the first copy of a module has brought. */
export const copiedText = ({ rows, ms }: Prepared): string => `${rows} rows copied in ${(ms / 1000).toFixed(1)} s`;
