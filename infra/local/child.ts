import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { root } from "../folders.ts";
import type { Service } from "../forum.ts";

export interface Child {
  readonly service: Service;
  readonly url: string;
  readonly pid: number;
  /** Resolves when the process has ended, with its exit code or the name of the signal. */
  readonly ended: Promise<number | string>;
  /** Resolves once `/ready` says yes. Rejects when the process ends before, or after a minute. */
  ready(): Promise<void>;
  /** Sends SIGTERM and waits; SIGKILL after `patience` ms. */
  stop(patience?: number): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

export interface ChildOptions {
  service: Service;
  port: number;
  environment: Record<string, string>;
  /** Receives every line of its output. */
  onLine: (line: string) => void;
  /** Restart when a source file changes. */
  watch?: boolean;
}

const READY_TIMEOUT = 60_000;

/** Starts a service as a process of its own on this machine. It ends when this process ends, however that happens. */
export function startChild({ service, port, environment, onLine, watch = false }: ChildOptions): Child {
  const main = path.join(root, service.folder, "src/main.ts");
  const preload = path.join(import.meta.dirname, "end-with-parent.ts");
  const flags = [
    "--disable-warning=ExperimentalWarning",
    "--import",
    preload,
    ...(watch ? ["--watch", "--watch-preserve-output"] : []),
  ];
  const child = spawn(process.execPath, [...flags, main], {
    cwd: root,
    env: { PATH: process.env["PATH"], HOST: "127.0.0.1", PORT: String(port), METRICS_PORT: "0", ...environment },
    stdio: ["pipe", "pipe", "pipe"],
    // A group of its own: Ctrl-C in the terminal reaches only this process, which then stops everything in order.
    detached: true,
  });
  eachLine(child.stdout, onLine);
  eachLine(child.stderr, onLine);
  const ended = once(child, "exit").then(([code, signal]) => (code ?? signal) as number | string);
  const url = `http://127.0.0.1:${port}`;

  return {
    service,
    url,
    pid: child.pid!,
    ended,
    async ready() {
      const deadline = AbortSignal.timeout(READY_TIMEOUT);
      const early = ended.then((how) => {
        throw new Error(`${service.name} ended before it was ready (${how}); its last lines are above.`);
      });
      await Promise.race([early, untilReady(url, deadline)]);
      early.catch(() => {});
    },
    async stop(patience = 10_000) {
      child.kill("SIGTERM");
      const killer = setTimeout(() => child.kill("SIGKILL"), patience);
      await ended;
      clearTimeout(killer);
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function untilReady(url: string, deadline: AbortSignal): Promise<void> {
  for (;;) {
    try {
      const answer = await request(`${url}/ready`, { signal: AbortSignal.any([deadline, AbortSignal.timeout(2000)]) });
      await answer.body.dump();
      if (answer.statusCode === 200) return;
    } catch {
      if (deadline.aborted) throw new Error(`${url} did not become ready within ${READY_TIMEOUT / 1000} s.`);
    }
    await sleep(25);
  }
}

function eachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(onLine);
  });
  stream.on("end", () => rest && onLine(rest));
}
