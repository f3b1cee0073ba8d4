import { execFileSync } from "node:child_process";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { canPin } from "./cores.ts";

/** Where and of what a result was measured. */
export interface Machine {
  processor: string;
  cores: number;
  memory: string;
  system: string;
  node: string;
  /** Whether server and load generator had a core each. */
  pinned: boolean;
  commit: string;
  date: string;
  /** Processes that wanted to run in the minute before the first work, beside those of the bench: 0 is a quiet machine. */
  loadBefore: number;
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release()}`,
    node: process.version,
    pinned: canPin,
    commit: commit(),
    date: new Date().toISOString().slice(0, 16).replace("T", " ") + " UTC",
    loadBefore: loadavg()[0] ?? Number.NaN,
  };
}

function commit(): string {
  try {
    return execFileSync("git", ["describe", "--always", "--dirty"], { encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
}
