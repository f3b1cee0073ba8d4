import type { Queryable } from "../database.ts";
import type { Logger } from "../log.ts";
import type { Side, StandingWatch } from "./standing.ts";

export interface HeartbeatOptions {
  module: string;
  side: Side;
  watch: StandingWatch;
  write: (work: (tx: Queryable) => Promise<unknown>) => Promise<unknown>;
  log: Logger;
}

/** Milliseconds. */
const INTERVAL = 100;

/** Several tasks beat for one module: who finds a young beat leaves it. */
const BEAT = `UPDATE heartbeat SET at = clock_timestamp()
  WHERE module = $1 AND at < clock_timestamp() - interval '${INTERVAL * 0.8} milliseconds'`;

/**
 * Writes the time into a row that is replicated with the module, as long as it is followed: the other side knows by it
 * how old its copy is. Replication keeps the order of commits, so what was confirmed before a beat has arrived before it.
 */
export function startHeartbeat({ module, side, watch, write, log }: HeartbeatOptions): { stop: () => Promise<void> } {
  let beating: Promise<unknown> | undefined;
  const beat = () => {
    const recent = watch.recent();
    if (beating || !recent?.linked || recent.owner !== side) return;
    beating = write((tx) => tx.query(BEAT, [module]))
      .catch((error: Error) => log.debug({ reason: error.message }, "no heartbeat"))
      .finally(() => (beating = undefined));
  };
  const timer = setInterval(beat, INTERVAL).unref();
  return {
    async stop() {
      clearInterval(timer);
      await beating;
    },
  };
}
