import { chmod, cp, mkdir, readdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { UserError } from "../../terminal/user-error.ts";
import { install, isDebianAsRoot, isPackage, unpackFrom } from "./debian.ts";
import { daemonProgram, engineComplaint, startEngine } from "./engine.ts";
import { complaint, say } from "./run.ts";

/** Makes sure that `docker`, its engine, `docker compose` and `docker buildx` work. @throws UserError */
export async function provideDocker(): Promise<void> {
  const [engine, plugins] = await Promise.all([engineComplaint(), pluginsComplaint()]);
  if (engine !== undefined) await provideEngine(engine);
  if (plugins !== undefined) await providePlugins(plugins);
}

async function provideEngine(why: string): Promise<void> {
  // Another machine's engine is not ours to start.
  const host = process.env["DOCKER_HOST"];
  if (host) throw new UserError(`No Docker engine answers at ${host}: ${why}\nStart it there, or unset DOCKER_HOST.`);
  if (!isDebianAsRoot()) throw new UserError(`The Docker engine does not answer: ${why}\n${howToGetDocker()}`);
  const client = (await complaint("docker", ["--version"])) === undefined;
  if (!daemonProgram() || !client) {
    say("installing the Docker engine from this machine's Debian packages");
    await install(["docker.io", "iptables", "ca-certificates"]);
    // Newer releases have the client in a package of its own.
    if (!client && (await isPackage("docker-cli"))) await install(["docker-cli"]);
  }
  if ((await engineComplaint()) !== undefined) {
    say("starting the Docker engine");
    await startEngine();
  }
}

async function pluginsComplaint(): Promise<string | undefined> {
  const plugins = ["compose", "buildx"];
  const complaints = await Promise.all(plugins.map((plugin) => complaint("docker", [plugin, "version"])));
  return complaints.find((text) => text !== undefined);
}

async function providePlugins(why: string): Promise<void> {
  if (!isDebianAsRoot()) throw new UserError(`A plugin of Docker is missing: ${why}\n${howToGetDocker()}`);
  say("installing the Compose and Buildx plugins from Debian's packages");
  const files = await unpackFrom("sid", ["docker-compose", "docker-buildx"]);
  const plugins = path.join(process.env["DOCKER_CONFIG"] ?? path.join(homedir(), ".docker"), "cli-plugins");
  await mkdir(plugins, { recursive: true });
  // A plugin that is running cannot be written over, but it can be replaced.
  const unpacked = path.join(files, "usr/libexec/docker/cli-plugins");
  for (const name of await readdir(unpacked)) {
    await rm(path.join(plugins, name), { force: true });
    await cp(path.join(unpacked, name), path.join(plugins, name));
    await chmod(path.join(plugins, name), 0o755);
  }
  await rm(path.dirname(files), { recursive: true });
  const still = await pluginsComplaint();
  if (still !== undefined) throw new UserError(`The plugins in ${plugins} do not run: ${still}`);
}

function howToGetDocker(): string {
  if (process.platform !== "linux") return "Install Docker Desktop, start it, and run setup again.";
  return [
    "Install Docker Engine with its plugins Compose and Buildx, start it, and see that `docker version` works for you",
    "(as root, or as a member of the group `docker`). On Debian, `sudo npm run setup` does all of that.",
  ].join("\n");
}
