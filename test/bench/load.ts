import { execa } from "execa";
import path from "node:path";
import { pinned } from "./cores.ts";

export interface HttpRequest {
  method?: "GET" | "POST";
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

/** What the load generator is told. */
export interface LoadOrder {
  url: string;
  /** Sent in this order, again from the first after the last. */
  requests: HttpRequest[];
  connections: number;
  seconds: number;
}

/** What came of it; times in milliseconds, of good answers and bad ones alike. */
export interface LoadResult {
  /** Answers of the statuses 200 to 299. */
  answers: number;
  /** Other statuses, broken connections, time-outs. */
  failures: number;
  perSecond: number;
  p50: number;
  p99: number;
}

/** Runs the load generator on its core. @throws Error when a single request has failed: such a figure means nothing */
export async function runLoad(order: LoadOrder): Promise<LoadResult> {
  const result = await tryLoad(order);
  const { answers, failures } = result;
  if (failures === 0 && answers > 0) return result;
  const where = `${order.url}${order.requests[0]?.path}`;
  if (failures > 0) throw new Error(`${where}: ${failures} requests failed, ${answers} did not`);
  throw new Error(`${where}: no answer in ${order.seconds} s. This machine is too busy to measure anything.`);
}

/** The same, whatever becomes of the requests. */
export async function tryLoad(order: LoadOrder): Promise<LoadResult> {
  const [file, ...args] = pinned("load", [process.execPath, path.join(import.meta.dirname, "load-process.ts")]);
  const { stdout } = await execa(file!, args, { input: JSON.stringify(order), stderr: "inherit" });
  return JSON.parse(stdout) as LoadResult;
}
