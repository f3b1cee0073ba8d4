/** The steps of a cutover that need the databases, as a task beside them: what it does, as lines of JSON. */
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { SIDES, type Side } from "../../../services/chassis/src/ownership/standing.ts";
import type { EventSink } from "../../cutover/events.ts";
import { modulesNamed } from "../../cutover/module.ts";
import { databaseSteps, runStep, type DatabaseStep } from "../../cutover/steps/steps.ts";
import { tell, type Line, type Order } from "../../cutover/targets/one-off.ts";
import { watchHere } from "../../cutover/watch-here.ts";
import { forum } from "../../forum.ts";
import { UserError } from "../../terminal/user-error.ts";
import { addressesOf, figuresOf } from "./cutover-addresses.ts";

/** `STEP MODULE [--to SIDE]`; or `serve`, which does many of them. */
export const cutover = (args: string[]): Promise<void> =>
  args[0] === "serve" ? serve() : tell(print, (report) => perform(args, report, new AbortController().signal));

const print = (line: Line & { id?: number }): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

/** Does one step; `watch MODULE` goes on until the signal. */
async function perform(args: string[], report: EventSink, signal: AbortSignal): Promise<unknown> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { to: { type: "string", default: "service" } },
  });
  const [step = "", name = ""] = positionals;
  const modules = modulesNamed(name);
  if (step === "watch") {
    const watched = modules.map((module) => ({ module, addresses: addressesOf(module) }));
    return watchHere({ watched, monolith: forum.defaultService, figures: figuresOf }, report, signal);
  }
  const [module] = modules;
  if (!(step in databaseSteps) || modules.length > 1) {
    throw new UserError(`A task does one step on one module: ${Object.keys(databaseSteps).join(", ")}.`, 2);
  }
  if (!SIDES.includes(values.to as Side)) throw new UserError(`--to is one of ${SIDES.join(", ")}.`, 2);
  return runStep(step as DatabaseStep, addressesOf(module!), module!, { to: values.to as Side }, report);
}

/**
 * Does what its standard input orders, side by side, until that ends: whoever has started the task holds the other end,
 * and when that is gone, nobody listens any more. Steps under way are finished all the same.
 */
async function serve(): Promise<void> {
  const orders = createInterface({ input: process.stdin });
  const stops = new Map<number, AbortController>();
  const running: Promise<void>[] = [];
  process.once("SIGTERM", () => orders.close());
  for await (const text of orders) {
    const { id, ...order } = JSON.parse(text) as Order;
    if ("stop" in order) {
      stops.get(id)?.abort();
      continue;
    }
    const stop = new AbortController();
    stops.set(id, stop);
    const work = tell(
      (line) => print({ id, ...line }),
      (report) => perform(order.args, report, stop.signal),
    );
    // A bug is told where somebody waits, too.
    running.push(work.catch((error: Error) => print({ id, error: String(error.stack), exitCode: 1 })));
  }
  for (const stop of stops.values()) stop.abort();
  await Promise.all(running);
}
