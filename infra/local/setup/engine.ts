import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { UserError } from "../../terminal/user-error.ts";
import { complaint, dataFolder, lastLines, run } from "./run.ts";

const logFile = path.join(dataFolder, "dockerd.log");
const timeout = 60_000;

/** Why no Docker engine answers; undefined when one does. */
export const engineComplaint = (): Promise<string | undefined> =>
  complaint("docker", ["version", "--format", "{{.Server.Version}}"]);

/** The daemon's program: other packages than Debian's put it elsewhere. */
export const daemonProgram = (): string | undefined =>
  ["/usr/bin/dockerd", "/usr/local/bin/dockerd", "/usr/sbin/dockerd"].find((file) => existsSync(file));

/** Starts the engine that is installed here and waits until it answers. @throws UserError */
export async function startEngine(): Promise<void> {
  if (existsSync("/run/systemd/system")) return run("systemctl", ["start", "docker"]);
  await removeStalePidFiles();
  const ended = await startDaemon();
  const deadline = Date.now() + timeout;
  while ((await engineComplaint()) !== undefined) {
    if (!ended.aborted && Date.now() < deadline) {
      await setTimeout(200);
      continue;
    }
    throw new UserError(
      `The Docker engine ${ended.aborted ? "ended at once" : `does not answer within ${timeout / 1000} s`}:\n` +
        `${lastLines(await readFile(logFile, "utf8"))}\nAll of it is in ${logFile}. It needs all rights of root: a container has them with \`--privileged\`.`,
    );
  }
}

/** Starts `dockerd` in a session of its own, so that it outlives this process and its terminal. */
async function startDaemon(): Promise<AbortSignal> {
  await mkdir(dataFolder, { recursive: true });
  const log = await open(logFile, "w");
  const daemon = spawn(daemonProgram() ?? "dockerd", { cwd: "/", detached: true, stdio: ["ignore", log.fd, log.fd] });
  daemon.unref();
  await log.close();
  const ended = new AbortController();
  daemon.once("exit", () => ended.abort()).once("error", () => ended.abort());
  return ended.signal;
}

// After a reboot another process may have the number that is written there: the engine would take it for itself.
async function removeStalePidFiles(): Promise<void> {
  const files = { dockerd: "/var/run/docker.pid", containerd: "/var/run/docker/containerd/containerd.pid" };
  for (const [program, file] of Object.entries(files)) {
    const pid = await readFile(file, "utf8").catch(() => undefined);
    if (pid === undefined) continue;
    const command = await readFile(`/proc/${pid.trim()}/cmdline`, "utf8").catch(() => "");
    if (!command.includes(program)) await rm(file);
  }
}
