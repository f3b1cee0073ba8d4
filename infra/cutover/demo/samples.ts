/** What the load measured: one sample a request. */

export interface Sample {
  /** Milliseconds of `performance.now()` at which it was sent. */
  at: number;
  /** Milliseconds to the last byte. */
  ms: number;
  module: string;
  write: boolean;
  /** Whether it was answered, and neither with 5xx nor with a status that this request should not get. */
  ok: boolean;
  /** `posts@service`, by `X-Served-By`; empty when the answer did not say. */
  servedBy: string;
}

/** The value below which this share of the values lies (nearest rank); NaN without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/** The p99 in milliseconds of what was sent between two moments. */
export const p99Between = (samples: readonly Sample[], from: number, to: number): number =>
  percentile(
    samples.filter(({ at }) => at >= from && at < to).map(({ ms }) => ms),
    0.99,
  );

/** The write that took longest. */
export const longestWrite = (samples: readonly Sample[]): Sample | undefined =>
  samples.filter(({ write }) => write).reduce<Sample | undefined>((a, b) => (a && a.ms >= b.ms ? a : b), undefined);
