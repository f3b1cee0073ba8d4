import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { freePort } from "../../infra/local/postgres.ts";
import { eventually } from "../support/eventually.ts";
import { pinned } from "./cores.ts";

/** A process under measurement. */
export interface Server {
  readonly url: string;
  readonly pid: number;
  /** CPU time it has used so far in milliseconds; undefined where the system does not tell. */
  cpu(): Promise<number | undefined>;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Path of its program below the project's root. */
  program: string;
  environment: Record<string, string>;
  port?: number;
}

const root = path.resolve(import.meta.dirname, "../..");
/** How the kernel counts in /proc: 100 ticks a second on every Linux. */
const MS_PER_TICK = 10;

/** Starts a server on the servers' core and waits until it answers. */
export async function startServer({ program, environment, port }: ServerOptions): Promise<Server> {
  const listening = port ?? (await freePort());
  const [file, ...args] = pinned("server", [process.execPath, path.join(root, program)]);
  const child = spawn(file!, args, {
    env: {
      PATH: process.env["PATH"],
      NODE_ENV: "production",
      HOST: "127.0.0.1",
      PORT: String(listening),
      METRICS_PORT: "0",
      DRAIN_DELAY: "0",
      ...environment,
    },
    // As in a container: what it writes goes into a pipe. A file would make it wait for the disk.
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const output of [child.stdout, child.stderr])
    output.on("data", (chunk) => (said = `${said}${chunk}`.slice(-1000)));
  const pid = child.pid!;
  const ended = once(child, "exit");
  const url = `http://127.0.0.1:${listening}`;
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`${program} has ended:\n${said}`);
    await fetch(url);
  }, 30_000);
  for (const output of [child.stdout, child.stderr]) output.removeAllListeners("data").resume();
  return {
    url,
    pid,
    async cpu() {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
      // The name before the last bracket may hold anything; user and system time are 12 and 13 fields behind it.
      const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
      return fields && (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
    },
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
