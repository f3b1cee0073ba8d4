import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Router } from "express";
import type * as z from "zod";
import { createApp } from "./app.ts";
import { commonConfig, ConfigError, readConfig } from "./config.ts";
import { openDatabase, whenDatabaseAnswers, type Database } from "./database.ts";
import { createLog, type Logger } from "./log.ts";
import { createMetrics, metricsServer } from "./metrics.ts";
import { messagesOf } from "./messages.ts";
import { migrate } from "./migrations.ts";
import { listen } from "./server.ts";

/** What a module makes of its configuration and its database. */
export interface Parts {
  routes: Router[];
  /** Ends what the module has started, after the last request and before the database is closed. */
  stop?: () => Promise<void>;
}

export interface ServiceDefinition<Config extends z.ZodRawShape> {
  name: string;
  /** Its variables beyond the common ones. */
  config: Config;
  /** Folder of its `*.sql` files. */
  migrations: URL;
  /** Called once, when the database is migrated. */
  build: (context: { config: z.output<z.ZodObject<Config>>; database: Database; log: Logger }) => Promise<Parts>;
  /** Further commands beside `serve` and `migrate`. */
  commands?: Record<string, (args: string[]) => Promise<void>>;
}

/**
 * The main program of every service: `serve` (the default) or `migrate` (only the migrations, for a one-off task).
 * Exit codes: 0 after a drain, 1 for an error, 2 for a mistake in the command line or the environment.
 */
export async function main<Config extends z.ZodRawShape>(definition: ServiceDefinition<Config>): Promise<void> {
  const [command = "serve", ...args] = process.argv.slice(2);
  const commands: Record<string, (args: string[]) => Promise<void>> = {
    ...definition.commands,
    serve: () => serve(definition),
    migrate: () => migrateOnly(definition),
    help: async () => console.log(`Commands: ${Object.keys(commands).join(", ")}`),
  };
  try {
    const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
    if (!run) throw new ConfigError(`Unknown command "${command}". Known: ${Object.keys(commands).join(", ")}.`);
    await run(args);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(`${definition.name}: ${error.message}`);
    process.exitCode = 2;
  }
}

async function migrateOnly({ name, migrations }: { name: string; migrations: URL }): Promise<void> {
  const { DATABASE_URL, LOG_LEVEL } = commonConfig;
  const config = readConfig({ DATABASE_URL, LOG_LEVEL });
  const log = createLog(name, config.LOG_LEVEL);
  try {
    await migrate(config.DATABASE_URL, migrations, log);
    log.info("migrations are up to date");
  } catch (error) {
    log.fatal({ err: error }, "migrations failed");
    process.exitCode = 1;
  }
}

async function serve<Config extends z.ZodRawShape>(definition: ServiceDefinition<Config>): Promise<void> {
  const values: unknown = readConfig({ ...commonConfig, ...definition.config });
  const config = values as z.output<z.ZodObject<typeof commonConfig>>;
  const log = createLog(definition.name, config.LOG_LEVEL);
  // As process 1 of a container nothing else would end it.
  const signal = Promise.race(["SIGTERM", "SIGINT"].map((name) => once(process, name).then(() => name)));
  const fatal = (error: unknown) => {
    log.fatal({ err: error }, "the process ends");
    process.exit(1);
  };
  process.on("uncaughtException", fatal);

  const database = openDatabase({
    url: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    statementTimeout: config.DATABASE_STATEMENT_TIMEOUT,
    connectTimeout: config.DATABASE_CONNECT_TIMEOUT,
    log,
  });
  const metrics = createMetrics(database);

  if (config.MIGRATE_ON_START) {
    let migrating = true;
    // Only while it waits for the database: once it serves, a signal means to drain.
    void signal.then(() => migrating && process.exit(0));
    await whenDatabaseAnswers(log, () => migrate(config.DATABASE_URL, definition.migrations, log));
    migrating = false;
  }
  const { routes, stop } = await definition.build({ config: values as z.output<z.ZodObject<Config>>, database, log });
  const app = createApp({
    log,
    metrics,
    trustedProxies: config.TRUSTED_PROXIES,
    maxRequests: config.MAX_REQUESTS,
    ready: { database: () => database.answers(), traffic: () => !server.draining },
    routes,
  });
  const server = await listen(app, config.HOST, config.PORT, { ...messagesOf(app), silence: config.SILENCE_TIMEOUT });
  const figures = metricsServer(metrics.registry).listen(config.METRICS_PORT, config.HOST);
  await once(figures, "listening");
  const { port: metricsPort } = figures.address() as AddressInfo;
  log.info({ port: server.port, metricsPort, bootMs: Math.round(performance.now()) }, "ready");

  log.info({ signal: await signal }, "draining");
  await server.drain({ delay: config.DRAIN_DELAY, timeout: config.DRAIN_TIMEOUT });
  await stop?.();
  await database.close();
  log.info("stopped");
  // Idle sockets of libraries may linger; everything that matters is closed.
  process.exit(0);
}
