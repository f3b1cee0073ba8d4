import { spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, openSync, readdirSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { install, isDebianAsRoot, unpackFrom } from "./debian.ts";
import { dataFolder, output, say, SetupError } from "./run.ts";

const START_TIMEOUT = 60_000;

/** Whether a Docker engine answers. */
export const engineAnswers = async (): Promise<boolean> =>
  (await output("docker", ["version", "--format", "{{.Server.Version}}"])) !== undefined;

/** Whether `docker compose` and `docker buildx` are there. */
export async function pluginsAnswer(): Promise<boolean> {
  const answers = await Promise.all([
    output("docker", ["compose", "version"]),
    output("docker", ["buildx", "version"]),
  ]);
  return answers.every((answer) => answer !== undefined);
}

/** Installs the engine and its plugins where they are missing, and starts the engine. @throws SetupError */
export async function provideEngine(): Promise<void> {
  if (!(await engineAnswers())) {
    // A remote engine is not this machine's to start.
    if (!isDebianAsRoot() || process.env["DOCKER_HOST"]) throw new SetupError(howToGetDocker());
    if (!existsSync("/usr/sbin/dockerd") || !existsSync("/usr/sbin/iptables")) {
      say("no Docker engine: installing docker.io out of Debian's packages");
      await install(["docker.io", "iptables"]);
    }
    await startEngine();
  }
  if (!(await pluginsAnswer())) {
    if (!isDebianAsRoot()) throw new SetupError(howToGetDocker());
    say("installing the Compose and Buildx plugins out of Debian's packages");
    const root = await unpackFrom("sid", ["docker-compose", "docker-buildx"]);
    const plugins = path.join(homedir(), ".docker/cli-plugins");
    mkdirSync(plugins, { recursive: true });
    cpSync(path.join(root, "usr/libexec/docker/cli-plugins"), plugins, { recursive: true });
    for (const plugin of readdirSync(plugins)) chmodSync(path.join(plugins, plugin), 0o755);
    if (!(await pluginsAnswer()))
      throw new SetupError(`The plugins in ${plugins} do not run: try \`docker compose version\`.`);
  }
}

/** Starts `dockerd` in a session of its own: it goes on when this process and its terminal are gone. */
async function startEngine(): Promise<void> {
  say("starting the Docker engine");
  await removeStale("/var/run/docker.pid", "dockerd");
  await removeStale("/var/run/docker/containerd/containerd.pid", "containerd");
  mkdirSync(dataFolder, { recursive: true });
  const logFile = path.join(dataFolder, "dockerd.log");
  const log = openSync(logFile, "w");
  const daemon = spawn("/usr/sbin/dockerd", [], { detached: true, stdio: ["ignore", log, log] });
  let ended = false;
  daemon.once("exit", () => (ended = true)).once("error", () => (ended = true));
  daemon.unref();

  const deadline = Date.now() + START_TIMEOUT;
  while (!(await engineAnswers())) {
    if (ended || Date.now() > deadline) {
      const lines = (await readFile(logFile, "utf8")).trimEnd().split("\n").slice(-10).join("\n  ");
      throw new SetupError(
        `The Docker engine ${ended ? "ended" : "does not answer"}:\n  ${lines}\nThe whole log is in ${logFile}. Starting it needs root with CAP_SYS_ADMIN and CAP_NET_ADMIN: in a container, run that one with --privileged.`,
      );
    }
    await sleep(200);
  }
}

/** Removes the pid file of a process that did not end properly: it keeps the next one from starting. */
async function removeStale(file: string, program: string): Promise<void> {
  if (!existsSync(file)) return;
  const pid = (await readFile(file, "utf8")).trim();
  // The number may belong to another program by now.
  const running = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
  if (running.trim() !== program) rmSync(file);
}

function howToGetDocker(): string {
  const host = process.env["DOCKER_HOST"];
  if (host) return `The Docker engine at DOCKER_HOST=${host} does not answer. Start it, or unset DOCKER_HOST.`;
  const remedy =
    process.platform === "linux"
      ? "Install Docker Engine with the Compose and Buildx plugins, start it, and be in the group `docker`."
      : "Start Docker Desktop.";
  return `Docker does not answer (\`docker compose version\` and \`docker version\` must work).\n${remedy}\nOn Debian as root this command installs it by itself.`;
}
