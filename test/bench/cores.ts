import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

/** Which core a kind of process has for itself; PostgreSQL and everything else run where the system puts them. */
const CORES = { server: 0, load: 1 };

/** Whether processes can be bound to cores here: Linux with `taskset` and two cores or more. */
export const canPin = availableParallelism() > 1 && spawnSync("taskset", ["--version"]).status === 0;

/** The command that runs `command` on the core of its kind; the command itself where that is not possible. */
export const pinned = (kind: keyof typeof CORES, command: string[]): string[] =>
  canPin ? ["taskset", "--cpu-list", String(CORES[kind]), ...command] : command;
