import type { LatencyBucket } from "../events.ts";

/**
 * The latency in ms that `share` (0 to 1) of the answers did not exceed; undefined when there are none. Inside a bucket
 * answers are taken to be spread evenly, as Prometheus does it; what exceeds all bounds counts as the last of them.
 */
export function percentile(share: number, buckets: readonly LatencyBucket[]): number | undefined {
  const sorted = buckets.filter(({ count }) => count > 0).sort((a, b) => a.from - b.from);
  const total = sorted.reduce((sum, { count }) => sum + count, 0);
  let left = share * total;
  for (const { from, to, count } of sorted) {
    if (left <= count) return to === null ? from : from + (to - from) * (left / count);
    left -= count;
  }
  const last = sorted.at(-1);
  return last && (last.to ?? last.from);
}

/** The sum of several counts, fastest first. */
export function mergeBuckets(all: readonly (readonly LatencyBucket[])[]): LatencyBucket[] {
  const merged = new Map<string, LatencyBucket>();
  for (const bucket of all.flat()) {
    const key = `${bucket.from} ${bucket.to}`;
    merged.set(key, { ...bucket, count: bucket.count + (merged.get(key)?.count ?? 0) });
  }
  return [...merged.values()].sort((a, b) => a.from - b.from);
}
