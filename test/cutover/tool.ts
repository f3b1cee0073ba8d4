import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { MovingForum } from "./moving-forum.ts";

/** A run of the tool as a process of its own. */
export interface ToolRun {
  /** Resolves with the exit code or the name of the signal. */
  ended: Promise<number | string>;
  /** What it has printed. */
  text(): string;
  kill(): void;
}

const main = path.join(import.meta.dirname, "../../infra/cutover/main.ts");

/** Starts `npm run cutover -- ARGS…` on a forum. */
export function startTool({ data }: MovingForum, ...args: string[]): ToolRun {
  const flags = ["--disable-warning=ExperimentalWarning"];
  const child = spawn(process.execPath, [...flags, main, ...args, "--data", data]);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += String(chunk)));
  return {
    ended: once(child, "close").then(([code, signal]) => (code ?? signal) as number | string),
    text: () => text,
    kill: () => void child.kill("SIGKILL"),
  };
}
