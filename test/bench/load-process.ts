/**
 * The load generator, a process of its own: for each `LoadOrder` that comes from its parent it sends one address after the
 * other over `connections` for `seconds`, and answers what came of it. It lives as long as the bench, because one that has
 * just started would be slower than what it measures.
 */
import autocannon, { type Result } from "autocannon";
import type { HttpRequest, LoadOrder, LoadResult } from "./load.ts";

process.on("message", (order: LoadOrder) => {
  void load(order).then((result) => process.send!(result));
});
process.on("disconnect", () => process.exit());

async function load({ url, requests, connections, seconds }: LoadOrder): Promise<LoadResult> {
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
      requests: requests.slice(0, 1),
      setupClient: shares(requests, connections),
    };
    const instance = autocannon(options, (error: Error | null, result) => (error ? reject(error) : resolve(result)));
    instance.on("start", () => (begin = performance.now()));
    instance.on("response", (_client, _status, _bytes, ms) => times.push(ms));
  });
  const elapsed = (performance.now() - begin) / 1000;

  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return {
    answers: good,
    failures: non2xx + errors + timeouts,
    perSecond: good / elapsed,
    p50: at(0.5),
    p99: at(0.99),
  };
}

/** Gives each connection its part of the list, or all of them would ask for the same row at the same time. */
function shares(list: HttpRequest[], connections: number): (client: autocannon.Client) => void {
  const size = Math.max(1, Math.floor(list.length / connections));
  let clients = 0;
  return (client) => {
    const from = (clients++ * size) % list.length;
    client.setRequests(list.slice(from, from + size));
  };
}
