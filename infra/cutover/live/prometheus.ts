/** One value of a metric. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const LINE = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})?[ \t]+(?<value>\S+)(?:[ \t]+-?\d+)?[ \t]*$/s;
const LABEL = /(?<name>[a-zA-Z_]\w*)\s*=\s*"(?<value>(?:[^"\\]|\\.)*)"/gs;
const ESCAPED: Record<string, string> = { "\\\\": "\\", '\\"': '"', "\\n": "\n" };
const SPECIAL: Record<string, number> = { "+Inf": Infinity, "-Inf": -Infinity, NaN };

/**
 * The samples in Prometheus's text format whose metric has one of these names. Comments are left out, and so is what
 * is not understood: a task that is stopping may send half a line.
 */
export function parsePrometheus(text: string, names: readonly string[]): Sample[] {
  return text.split("\n").flatMap((line) => {
    if (!names.some((name) => line.startsWith(name))) return [];
    const { name = "", labels = "", value = "" } = LINE.exec(line)?.groups ?? {};
    const number = SPECIAL[value] ?? Number(value || NaN);
    if (!names.includes(name) || (Number.isNaN(number) && value !== "NaN")) return [];
    return [{ name, labels: labelsIn(labels), value: number }];
  });
}

const labelsIn = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(LABEL)].map(({ groups }) => [groups!["name"]!, unescape(groups!["value"]!)]));

const unescape = (text: string): string => text.replace(/\\./gs, (pair) => ESCAPED[pair] ?? pair);
