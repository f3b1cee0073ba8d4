/** pino's numbers for how bad it is. */
const LEVELS: Record<number, string> = { 10: "trace", 20: "debug", 30: "info", 40: "warn", 50: "error", 60: "fatal" };
/** What every line of a service has and nobody needs to read again. */
const FAMILIAR = new Set(["level", "time", "msg", "pid", "hostname", "service", "name"]);

/** A line of a log for people: that of pino as time, level, message, and what else it says; any other as it is. */
export function readable(line: string): string {
  const entry = parsed(line);
  if (!entry || typeof entry["level"] !== "number") return line;
  const { level, time, msg } = entry;
  const rest = Object.entries(entry)
    .filter(([key]) => !FAMILIAR.has(key))
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const words = [when(time), (LEVELS[level] ?? String(level)).padEnd(5), typeof msg === "string" ? msg : "", ...rest];
  return words.filter(Boolean).join(" ");
}

const when = (time: unknown): string => {
  const date = new Date(time as number | string);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(11, 23);
};

function parsed(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
