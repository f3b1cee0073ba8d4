import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { freePort } from "../../infra/local/postgres.ts";
import { eventually } from "./eventually.ts";
import { descendants, stillRunning, type Process } from "./processes.ts";

export interface Started {
  readonly url: string;
  readonly ended: Promise<number | string>;
  /** What it has printed so far. */
  text(): string;
  /** Resolves once it has printed that. */
  printed(what: RegExp): Promise<void>;
  /** Resolves once the forum can be used. */
  ready(): Promise<void>;
  /** Everything it runs. */
  processes(): Promise<Process[]>;
  /** Ctrl-C as a terminal does it: SIGINT for its whole process group. */
  interrupt(): void;
  kill(): void;
}

const main = path.join(import.meta.dirname, "../../infra/local/start.ts");

/** Runs what `npm start` runs; `port` is any free one unless given. */
export async function npmStart(args: string[], port?: number): Promise<Started> {
  const chosen = port ?? (await freePort());
  const child = spawn(process.execPath, [main, "--port", String(chosen), ...args], { detached: true });
  const pid = child.pid!;
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += String(chunk)));
  const end = async () => {
    const [code, signal] = (await once(child, "close")) as [number | null, string | null];
    return code ?? signal ?? "?";
  };
  const ended = end();
  const printed = (what: RegExp) =>
    eventually(() => {
      if (!what.test(text)) throw new Error(`${what} was not printed:\n${text}`);
    }, 30_000);
  return {
    url: `http://127.0.0.1:${chosen}`,
    ended,
    text: () => text,
    printed,
    ready: () => printed(/Ctrl-C/),
    processes: () => descendants(pid),
    interrupt: () => process.kill(-pid, "SIGINT"),
    kill: () => process.kill(pid, "SIGKILL"),
  };
}

/** Waits until none of these runs any more. */
export const allGone = (processes: Process[], within = 5000): Promise<void> =>
  eventually(async () => {
    const left = await stillRunning(processes);
    if (left.length > 0) throw new Error(`still running:\n${left.map(({ command }) => command).join("\n")}`);
  }, within);
