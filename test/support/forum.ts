import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after } from "node:test";
import pg from "pg";
import { serviceNamed } from "../../infra/forum.ts";
import { startChild, type Child } from "../../infra/local/child.ts";
import { serviceEnvironment } from "../../infra/local/environment.ts";
import { freePort, startPostgres, type Postgres } from "../../infra/local/postgres.ts";
import { startWorld, type World } from "../../infra/local/world.ts";
import { newSecrets, type Secrets } from "../../infra/tasks/src/secrets.ts";

export interface TestForum {
  /** Address of the gateway. */
  readonly url: string;
  readonly world: World;
  readonly postgres: TestPostgres;
  readonly secrets: Secrets;
  /** Address of one service itself, also while it is not running. */
  serviceUrl(name: string): string;
  child(name: string): Child;
  /** Starts one more instance of a service; it is stopped with the forum. */
  startAnother(name: string, environment?: Record<string, string>): Promise<Child>;
  /** Lines that the services have written. */
  readonly output: string[];
}

/** Starts services of the forum on an empty database; all of it is gone after the tests of the file. */
export async function startForum(services: string[], environment: Record<string, string> = {}): Promise<TestForum> {
  const postgres = await startTestPostgres();
  const secrets = await newSecrets();
  const output: string[] = [];
  const urls = new Map<string, string>();
  const world = await startWorld({
    services,
    postgres: postgres.server,
    secrets,
    environment,
    onLine: (service, line) => output.push(`${service} ${line}`),
    onReady: ({ service, url }) => urls.set(service.name, url),
  }).catch((error: Error) => {
    // Why a service does not start is in its log, which nobody else sees.
    throw new Error(`${error.message}\n${output.slice(-10).join("\n")}`, { cause: error });
  });
  const others: Child[] = [];
  after(async () => {
    await Promise.all(others.map((child) => child.stop(3000)));
    await world.stop();
    await postgres.remove();
  });
  const serviceUrl = (name: string) => urls.get(name) ?? "http://127.0.0.1:1";
  return {
    url: world.url,
    world,
    postgres,
    secrets,
    output,
    serviceUrl,
    child(name) {
      const child = world.children.get(name);
      if (!child) throw new Error(`${name} is not running`);
      return child;
    },
    async startAnother(name, more = {}) {
      const service = serviceNamed(name);
      const around = {
        secrets,
        databaseUrl: postgres.url,
        serviceUrl: (peer: { name: string }) => serviceUrl(peer.name),
      };
      const child = startChild({
        service,
        port: await freePort(),
        environment: { ...serviceEnvironment(service, { ...around, trustedProxies: 1 }), ...environment, ...more },
        onLine: (line) => output.push(`${name} ${line}`),
      });
      others.push(child);
      await child.ready();
      return child;
    },
  };
}

export interface TestPostgres {
  /** The server as it was started first; its addresses stay valid over `start`. */
  readonly server: Postgres;
  url(database: string): string;
  /** Ends the server: "fast" breaks connections in order, "immediate" is a crash. */
  stop(mode: "fast" | "immediate"): Promise<void>;
  /** Starts it again with the same data on the same port. */
  start(): Promise<void>;
  /** Runs one statement as the role that owns the database. */
  query<Row extends pg.QueryResultRow>(database: string, text: string, values?: unknown[]): Promise<Row[]>;
  remove(): Promise<void>;
}

/** A PostgreSQL server in a folder of its own, with the databases of all services. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(path.join(tmpdir(), "forum-test-"));
  const options = { folder, keep: true, password: "test" };
  const server = await startPostgres(options);
  let current = server;
  return {
    server,
    url: server.url,
    async stop(mode) {
      process.kill(current.pid, mode === "fast" ? "SIGINT" : "SIGQUIT");
      await current.ended;
    },
    async start() {
      current = await startPostgres({ ...options, port: server.port });
    },
    async query(database, text, values) {
      const client = new pg.Client({ connectionString: server.url(database) });
      await client.connect();
      try {
        return (await client.query(text, values)).rows;
      } finally {
        await client.end();
      }
    },
    async remove() {
      await current.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
