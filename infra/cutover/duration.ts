const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * A duration like `1500ms`, `60s`, `2m` or `1.5h`, in milliseconds. @throws Error that says what was given and what
 * would do
 */
export function parseDuration(text: string): number {
  const { number, unit } = /^(?<number>\d+(?:\.\d+)?)(?<unit>ms|s|m|h)$/.exec(text.trim())?.groups ?? {};
  if (number === undefined || unit === undefined) {
    throw new Error(`"${text}" is not a duration. Write a number and a unit (ms, s, m, h): 1500ms, 60s, 2m.`);
  }
  return Number(number) * UNITS[unit]!;
}

/** A time in ms for people: `82 ms`, `4.2 s`, `2 min 5 s`. */
export function durationText(ms: number): string {
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
