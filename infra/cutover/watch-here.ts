import { setTimeout as sleep } from "node:timers/promises";
import type { Side } from "../../services/chassis/src/ownership/standing.ts";
import { withHomes, type Addresses } from "./context.ts";
import { other } from "./database/ownership.ts";
import type { EventSink } from "./events.ts";
import { httpSource, watchTraffic } from "./live/metrics.ts";
import type { MovingModule } from "./module.ts";
import { statusOf } from "./steps/status.ts";

/** A module and where its copy can be watched. */
export interface Watched {
  module: MovingModule;
  addresses: Addresses;
}

/** Where the tasks of a service, or of the monolith, tell their figures: `http://HOST:PORT`; asked anew each time. */
export type Figures = (service: string) => readonly string[] | Promise<readonly string[]>;

export interface WatchHereOptions {
  watched: readonly Watched[];
  /** Name of the service that is the monolith. */
  monolith: string;
  figures: Figures;
}

/** Milliseconds between two looks. */
const INTERVAL = 500;

/**
 * Tells how far copies are behind and how both sides fare, until the signal. What cannot be read just now is left out.
 */
export async function watchHere(
  { watched, monolith, figures }: WatchHereOptions,
  report: EventSink,
  signal: AbortSignal,
): Promise<void> {
  const modules = watched.map(({ module }) => module.name);
  const source = (side: Side, service: string, of: string[]) => httpSource(side, of, () => figures(service));
  const sources = [
    source("monolith", monolith, modules),
    ...modules.map((module) => source("service", module, [module])),
  ];
  await Promise.all([
    watchTraffic({ sources, every: INTERVAL, onEvent: report, signal }),
    ...watched.map((one) => watchLag(one, report, signal)),
  ]);
}

async function watchLag({ module, addresses }: Watched, report: EventSink, signal: AbortSignal): Promise<void> {
  await withHomes(addresses, async ({ homes }) => {
    while (!signal.aborted) {
      const status = await statusOf(homes, module).catch(() => undefined);
      if (status?.linked && status.owner !== "nobody" && status.owner !== "apart") {
        const bytes = status.following[other(status.owner)]?.lag ?? 0;
        report({ type: "lag", module: module.name, bytes, seconds: status.seconds ?? 0 });
      }
      await sleep(INTERVAL, undefined, { signal }).catch(() => {});
    }
  });
}
