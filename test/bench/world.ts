import path from "node:path";
import { forum, serviceNamed } from "../../infra/forum.ts";
import { serviceEnvironment } from "../../infra/local/environment.ts";
import { freePort } from "../../infra/local/postgres.ts";
import { newSecrets } from "../../infra/tasks/src/secrets.ts";
import { signingKeys, tokenKeys } from "../../services/chassis/src/auth/keys.ts";
import { signToken } from "../../services/chassis/src/auth/tokens.ts";
import { startDatabase, type Amounts, type BenchDatabase } from "./database.ts";
import { startServer, type Server } from "./server.ts";

/** What works are measured in: a database with rows, and servers that are started when a work asks for them. */
export interface BenchWorld {
  readonly database: BenchDatabase;
  readonly amounts: Amounts;
  /** Token of account 1. */
  readonly token: string;
  /** A service of the table, on its database or on another of its kind, under that one's address or another. */
  service(name: string, database?: string, databaseUrl?: string): Promise<Server>;
  /** A program of `baselines/`, on the database of a service. */
  baseline(name: string, database: string, databaseUrl?: string): Promise<Server>;
  /** The balancer of `npm start`, in front of these services; the first answers what no rule matches. */
  gateway(services: string[]): Promise<Server>;
  stop(): Promise<void>;
}

const keyOf = (databaseUrl: string): string => new URL(databaseUrl).port + new URL(databaseUrl).pathname;

/** Starts the database and fills one for each service, all with the same rows. */
export async function startBenchWorld(amounts: Amounts, say: (what: string) => void): Promise<BenchWorld> {
  const secrets = await newSecrets();
  const ports = new Map<string, number>();
  for (const { name } of forum.services) ports.set(name, await freePort());
  const urlOf = (name: string) => `http://127.0.0.1:${ports.get(name)}`;

  say(`starting PostgreSQL and filling it: ${amounts.posts} posts in ${amounts.threads} threads`);
  const database = await startDatabase();
  for (const { name } of forum.services) await database.fill(name, amounts);

  const servers = new Map<string, Promise<Server>>();
  const once = (key: string, program: string, environment: Record<string, string>, port?: number) => {
    const started = servers.get(key) ?? startServer({ program, environment, ...(port && { port }) });
    servers.set(key, started);
    return started;
  };
  const keys = await signingKeys(tokenKeys.parse(secrets.tokenKeys));
  return {
    database,
    amounts,
    token: (await signToken(keys, { id: 1, role: "member" })).token,
    service(name, at = name, databaseUrl = database.url(at)) {
      const service = serviceNamed(name);
      const environment = serviceEnvironment(service, {
        secrets,
        databaseUrl: () => databaseUrl,
        serviceUrl: (peer) => urlOf(peer.name),
        trustedProxies: 1,
      });
      const program = path.join(service.folder, "src/main.ts");
      // The one on its own database is the one that others call.
      const port = databaseUrl === database.url(name) ? ports.get(name) : undefined;
      return once(`${name}/${keyOf(databaseUrl)}`, program, environment, port);
    },
    baseline: (name, at, databaseUrl = database.url(at)) =>
      once(`${name}/${keyOf(databaseUrl)}`, `test/bench/baselines/${name}.ts`, { DATABASE_URL: databaseUrl }),
    async gateway(services) {
      const targets = Object.fromEntries(services.map((name) => [name, urlOf(name)]));
      return once(`gateway/${services.join("+")}`, "test/bench/gateway-process.ts", {
        TARGETS: JSON.stringify(targets),
      });
    },
    async stop() {
      await Promise.all([...servers.values()].map(async (server) => (await server).stop()));
      await database.stop();
    },
  };
}
