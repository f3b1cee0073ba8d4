import { spawn } from "node:child_process";
import { once } from "node:events";
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

/** A load generator on a core of its own; it carries out one order at a time. */
export interface LoadGenerator {
  /** @throws Error when a single request has failed: such a figure means nothing */
  run(order: LoadOrder): Promise<LoadResult>;
  /** The same, whatever becomes of the requests. */
  try(order: LoadOrder): Promise<LoadResult>;
  stop(): Promise<void>;
}

export function startLoadGenerator(): LoadGenerator {
  const [file, ...args] = pinned("load", [process.execPath, path.join(import.meta.dirname, "load-process.ts")]);
  const child = spawn(file!, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = once(child, "exit");
  const gone = ended.then(([code, signal]) => {
    throw new Error(`The load generator has ended: ${signal ?? code}`);
  });
  gone.catch(() => {});

  const tryLoad = async (order: LoadOrder): Promise<LoadResult> => {
    const result = once(child, "message");
    child.send(order);
    const [message] = await Promise.race([result, gone]);
    return message as LoadResult;
  };
  return {
    try: tryLoad,
    async run(order) {
      const result = await tryLoad(order);
      const { answers, failures } = result;
      if (failures === 0 && answers > 0) return result;
      const where = `${order.url}${order.requests[0]?.path}`;
      if (failures > 0) throw new Error(`${where}: ${failures} requests failed, ${answers} did not`);
      throw new Error(`${where}: no answer in ${order.seconds} s. This machine is too busy to measure anything.`);
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
