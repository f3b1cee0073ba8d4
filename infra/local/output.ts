import { styleText } from "node:util";
import { prettyFactory } from "pino-pretty";

const colours = ["cyan", "magenta", "yellow", "green", "blue", "red"] as const;

/** Prints lines of several processes, each behind its name in a colour of its own; pino's JSON is made readable. */
export function prefixedOutput(names: string[]): (name: string, line: string) => void {
  const width = Math.max(...names.map((name) => name.length));
  const pretty = prettyFactory({
    colorize: styleText("red", "x", { stream: process.stdout }) !== "x",
    translateTime: "SYS:HH:MM:ss.l",
    ignore: "pid,hostname,service,method,url,status,amznTraceId",
    hideObject: false,
    singleLine: true,
  });
  return (name, line) => {
    const colour = colours[Math.max(0, names.indexOf(name)) % colours.length] ?? "cyan";
    const prefix = styleText(colour, `${name.padEnd(width)} |`, { stream: process.stdout });
    const text = line.startsWith("{") ? pretty(line).trimEnd() : line;
    for (const part of text.split("\n")) console.log(`${prefix} ${part}`);
  };
}
