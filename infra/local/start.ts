/** `npm start`: the forum on plain Node, with a real PostgreSQL server out of an npm package. */
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { styleText } from "node:util";
import { forum } from "../forum.ts";
import type { DatabaseUrls } from "../import/src/addresses.ts";
import { loadSample } from "../import/src/sample.ts";
import { kept, newSecrets, type Secrets } from "../tasks/src/secrets.ts";
import { UsageError, UserError } from "../terminal/user-error.ts";
import { startControl, type Running } from "./control.ts";
import { HELP, readOptions } from "./options.ts";
import { prefixedOutput } from "./output.ts";
import { startPostgres, type Postgres } from "./postgres.ts";
import { startWorld, type World } from "./world.ts";

const names = forum.services.map(({ name }) => name);

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) return console.log(HELP);
  const data = path.resolve(options.data);
  const begin = performance.now();
  const print = prefixedOutput([...names, "postgres", "gateway"]);
  const ready = (name: string, what: string) => {
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    print(name, `${styleText("green", "ready", { stream: process.stdout })} after ${seconds} s  ${what}`);
  };

  let postgres: Postgres | undefined;
  let world: World | undefined;
  let control: Awaited<ReturnType<typeof startControl>> | undefined;
  const stopAll = once(async () => {
    await rm(path.join(data, "running.json"), { force: true });
    control?.close();
    await world?.stop();
    await postgres?.stop();
  });
  // From the very first moment: Ctrl-C during the start must not leave anything behind either.
  const interrupted = new Promise<string>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve(signal));
  });
  let fail: (reason: Error) => void = () => {};
  const failed = new Promise<never>((_resolve, reject) => (fail = reject));
  failed.catch(() => {});

  const start = async () => {
    if (options.fresh) await forget(data);
    await mkdir(data, { recursive: true });
    const file = path.join(data, "secrets.json");
    const secrets = JSON.parse(await kept(file, async () => JSON.stringify(await newSecrets()))) as Secrets;
    const folder = path.join(data, "postgres");
    if (!existsSync(folder)) print("postgres", `making a new cluster in ${path.relative(process.cwd(), folder)}`);
    postgres = await startPostgres({
      folder,
      keep: true,
      password: secrets.databasePassword,
      onExit: () =>
        fail(new Error("PostgreSQL has ended unexpectedly. Start again; if that fails: npm start -- --fresh")),
    });
    const urls = Object.fromEntries(forum.services.map(({ database }) => [database, postgres!.url(database)]));
    await writeFile(path.join(data, "databases.json"), JSON.stringify(urls), { mode: 0o600 });
    ready("postgres", new URL(postgres.adminUrl).host);

    world = await startWorld({
      services: options.services,
      postgres,
      secrets,
      port: options.port,
      watch: options.watch,
      environment: { FIRST_OWNER: options.owner },
      onLine: (name, line) => options.quiet || print(name, line),
      onReady: (child) => ready(child.service.name, child.url),
      onExit: (child, how) =>
        fail(new Error(`${child.service.name} has ended unexpectedly (${how}); its last lines are above.`)),
    });
    control = await startControl({
      gateway: world.gateway,
      services: options.services,
      folder: data,
      first: Object.fromEntries(names.map((name) => [name, options.owner === "service" ? 100 : 0])),
    });
    const running: Running = {
      ...{ pid: process.pid, url: world.url, control: control.url },
      services: world.addresses,
    };
    await writeFile(path.join(data, "running.json"), JSON.stringify(running), { mode: 0o600 });
    ready("gateway", world.url);
    for (const [name, databases] of worlds(urls, options.services)) {
      const added = await loadSample(databases);
      if (added > 0) print("postgres", `sample data loaded into the ${name}: ${added} posts`);
    }
    console.log(greeting(world.url, secrets.moderatorPassword, data));
  };

  try {
    const started = start();
    started.catch(() => {});
    const signal = await Promise.race([interrupted, failed, started.then(() => Promise.race([interrupted, failed]))]);
    console.log(`\n${signal}: stopping`);
    // What is being started must have a handle before it can be stopped.
    if (!world) await Promise.race([started.catch(() => {}), new Promise((resolve) => setTimeout(resolve, 3000))]);
    await stopAll();
  } catch (error) {
    await stopAll();
    throw explain(error, options.port);
  }
}

/** Removes what `npm start` has made in that folder, and nothing else. @throws UsageError while it is in use */
async function forget(data: string): Promise<void> {
  const folder = path.join(data, "postgres");
  const [pid] = (await readFile(path.join(folder, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  if (pid && isAlive(Number(pid))) throw new UsageError(`${folder} is in use: end the other \`npm start\` first.`);
  for (const name of ["postgres", "postgres.new", "secrets.json", "databases.json", "weights.json"]) {
    await rm(path.join(data, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The databases of each shape of the forum that is running. */
function worlds(urls: Record<string, string>, services: string[]): [string, DatabaseUrls][] {
  const { monolith, users, threads, posts } = urls as Record<string, string> & DatabaseUrls & { monolith: string };
  const all: [string, DatabaseUrls][] = [
    ["monolith", { users: monolith, threads: monolith, posts: monolith }],
    ["services", { users, threads, posts }],
  ];
  const runs = (name: string) => services.includes(name);
  return all.filter(([name]) => (name === "monolith" ? runs(name) : ["users", "threads", "posts"].every(runs)));
}

function greeting(url: string, moderatorPassword: string, data: string): string {
  return `
  forum      ${url}/api/threads
  moderator  username "moderator", password "${moderatorPassword}"
  stop       Ctrl-C    (data stays in ${path.relative(process.cwd(), data)}/, see npm start -- --help)
`;
}

function explain(error: unknown, port: number): unknown {
  if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") return error;
  return new UsageError(
    `Port ${port} is taken by another program. Choose another one: npm start -- --port ${port + 1}`,
  );
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}

try {
  await main();
  process.exit(0);
} catch (error) {
  console.error(`\nnpm start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(error instanceof UserError ? error.exitCode : 1);
}
