/** The thread of `runPacedLoad`. */
import { Agent, get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import type { PacedOrder, PacedResult } from "./paced-load.ts";

const { url, seconds, pace } = workerData as PacedOrder;
/** Milliseconds between two looks at how many requests are due. */
const TICK = 5;

const agent = new Agent({ keepAlive: true });
const statuses: Record<number, number> = {};
const broken: string[] = [];
const times: number[] = [];
let sent = 0;

/** Resolves when the answer is read or the connection has broken. */
const ask = (): Promise<void> =>
  new Promise((resolve) => {
    const begin = performance.now();
    sent++;
    const lost = (error: Error) => {
      broken.push(String(error));
      resolve();
    };
    get(url, { agent }, (answer) => {
      const { statusCode: status = 0, headers } = answer;
      answer.on("error", lost).on("end", () => {
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (status === 200) times.push(performance.now() - begin);
        if (status === 503 && !headers["retry-after"]) broken.push("503 without Retry-After");
        resolve();
      });
      answer.resume();
    }).on("error", lost);
  });

const begin = performance.now();
const end = begin + seconds * 1000;
const underWay = new Set<Promise<void>>();

if ("clients" in pace) {
  const client = async () => {
    while (performance.now() < end) await ask();
  };
  await Promise.all(Array.from({ length: pace.clients }, client));
} else {
  while (performance.now() < end) {
    // What a starved thread has missed is not made up for in one go.
    const due = Math.min((performance.now() - begin) * (pace.perSecond / 1000), sent + pace.perSecond / 10);
    while (sent < due) {
      const one = ask();
      underWay.add(one);
      void one.then(() => underWay.delete(one));
    }
    await sleep(TICK);
  }
}
const elapsed = (performance.now() - begin) / 1000;
const offered = sent / elapsed;
const answered = (statuses[200] ?? 0) / elapsed;
await Promise.all(underWay);
agent.destroy();
times.sort((a, b) => a - b);
const result: PacedResult = { offered, answered, statuses, broken, p50: at(0.5), p99: at(0.99) };
parentPort!.postMessage(result, []);

function at(share: number): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
}
