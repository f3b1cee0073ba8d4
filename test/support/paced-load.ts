import { Worker } from "node:worker_threads";
import { once } from "node:events";

/** Either so many requests a second, whether or not those before are answered, or so many at any time. */
export type Pace = { perSecond: number } | { clients: number };

export interface PacedOrder {
  /** One address; every request is a GET. */
  url: string;
  seconds: number;
  pace: Pace;
}

export interface PacedResult {
  /** Requests sent a second. */
  offered: number;
  /** Answers a second with status 200. */
  answered: number;
  statuses: Record<number, number>;
  /** Broken connections, and refusals that do not say when to come again. */
  broken: string[];
  /** Milliseconds until an answer with status 200 was read. */
  p50: number;
  p99: number;
}

/** Runs a load in a thread of its own, by Node's own client: what is measured beside it is not slowed down by it. */
export async function runPacedLoad(order: PacedOrder): Promise<PacedResult> {
  const worker = new Worker(new URL("paced-load-worker.ts", import.meta.url), { workerData: order });
  const [result] = (await once(worker, "message")) as [PacedResult];
  await once(worker, "exit");
  return result;
}
