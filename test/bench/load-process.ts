/**
 * The load generator, a process of its own: sends one address after the other over `connections` for `seconds` and
 * writes what came of it to stdout. A `LoadOrder` comes by stdin as JSON.
 */
import { json } from "node:stream/consumers";
import autocannon, { type Request, type Result } from "autocannon";
import type { LoadOrder, LoadResult } from "./load.ts";

const { url, requests, connections, seconds } = (await json(process.stdin)) as LoadOrder;

const times: number[] = [];
let begin = 0;
const {
  "2xx": good,
  non2xx,
  errors,
  timeouts,
} = await new Promise<Result>((resolve, reject) => {
  const options = {
    url,
    connections,
    duration: seconds,
    requests,
    // Each connection begins elsewhere in the list, or all of them would ask for the same row at the same time.
    setupClient: turned(requests),
  };
  const instance = autocannon(options, (error: Error | null, result) => (error ? reject(error) : resolve(result)));
  instance.on("start", () => (begin = performance.now()));
  instance.on("response", (_client, _status, _bytes, ms) => times.push(ms));
});
const elapsed = (performance.now() - begin) / 1000;

times.sort((a, b) => a - b);
const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
const result: LoadResult = {
  answers: good,
  failures: non2xx + errors + timeouts,
  perSecond: good / elapsed,
  p50: at(0.5),
  p99: at(0.99),
};
process.stdout.write(JSON.stringify(result));

function turned(list: Request[]): (client: autocannon.Client) => void {
  let clients = 0;
  return (client) => {
    const by = Math.floor((clients++ * list.length) / connections);
    client.setRequests([...list.slice(by), ...list.slice(0, by)]);
  };
}
