import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface Process {
  pid: number;
  parent: number;
  command: string;
}

/** All processes of this machine but `ps`, and those that have ended and only wait for somebody to ask how. */
async function runningProcesses(): Promise<Process[]> {
  const { stdout } = await promisify(execFile)("ps", ["-eo", "pid=,ppid=,stat=,args="]);
  return stdout.split("\n").flatMap((line) => {
    const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (!command || state?.startsWith("Z") || command.startsWith("ps ")) return [];
    return [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

/** All processes that a process has started, and those that they have started. */
export async function descendants(ancestor: number): Promise<Process[]> {
  const all = await runningProcesses();
  const found: Process[] = [];
  const collect = (parent: number) => {
    for (const one of all.filter((one) => one.parent === parent)) {
      found.push(one);
      collect(one.pid);
    }
  };
  collect(ancestor);
  return found;
}

/** Those of the given processes that still run. */
export async function stillRunning(processes: Process[]): Promise<Process[]> {
  const all = await runningProcesses();
  return processes.filter(({ pid, command }) => all.some((one) => one.pid === pid && one.command === command));
}
