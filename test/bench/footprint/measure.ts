import { request } from "undici";
import { Wait, type StartedTestContainer } from "testcontainers";
import pg from "pg";
import { forum, type Service } from "../../../infra/forum.ts";
import { buildImage, compressedSize, docker, memoryOf } from "../../integration/docker.ts";
import { eventually } from "../../support/eventually.ts";
import type { ContainerWorld } from "../../support/service-containers.ts";
import { rowsOf } from "../database.ts";
import { startLoadGenerator } from "../load.ts";
import { median } from "../statistics.ts";
import { someIds } from "../work.ts";

/** What a service needs for itself, in a container of the size that the table says. */
export interface Footprint {
  service: string;
  /** Milliseconds from the start of the container until it is ready, median of several starts. */
  boot: number;
  /** The same for a program of one line in the same image: what Node takes for itself. */
  nodeAlone: number;
  /** MiB, resident. */
  idle: number;
  /** Bytes as a registry stores them. */
  image: number;
  /** Under load from many clients. */
  load: { perSecond: number; failures: number; eventLoopP99: number };
  /** MiB after the load, once it is over. */
  afterwards: number;
}

export interface FootprintOptions {
  /** Starts that are counted. */
  starts: number;
  clients: number;
  seconds: number;
  say: (what: string) => void;
}

const AMOUNTS = { users: 1000, threads: 1000, posts: 20_000 };

/** Builds a service's image and measures it. */
export async function footprintOf(
  service: Service,
  world: ContainerWorld,
  options: FootprintOptions,
): Promise<Footprint> {
  const { starts, clients, seconds, say } = options;
  const { name } = service;
  say(`${name}: building its image`);
  const image = await buildImage(service, `forum-footprint-${name}`);
  // As the deployer does it: migrations in a task of their own, so that no start waits for them.
  const container = () => world.container(service, image).withEnvironment({ MIGRATE_ON_START: "false" });
  await (await container().withCommand(["migrate"]).withWaitStrategy(Wait.forOneShotStartup()).start()).stop();
  await using oneLine = await container()
    .withEntrypoint(["node", "--eval", ONE_LINE])
    .withWaitStrategy(Wait.forLogMessage("ready"))
    .start();
  await using started = await container().withWaitStrategy(Wait.forHttp("/ready", forum.port)).start();
  const boots: number[] = [];
  const alone: number[] = [];
  for (let n = 1; n <= starts; n++) {
    alone.push(await restarted(oneLine.getId()));
    boots.push(await restarted(started.getId()));
    say(`${name}: start ${n} of ${starts} took ${boots.at(-1)} ms, Node alone ${alone.at(-1)} ms`);
  }
  await fill(service, world.databaseUrl(service.database));
  const idle = await settledMemory(started.getId());

  // After a restart the ports are other ones.
  const url = await addressOf(started, forum.port);
  const metrics = `${await addressOf(started, forum.metricsPort)}/metrics`;
  const requests = someIds(500, AMOUNTS.threads).map((id) => ({ path: addressIn(service, id) }));
  await eventLoopP99(metrics);
  say(`${name}: ${clients} clients for ${seconds} s`);
  const generator = startLoadGenerator();
  const { perSecond, failures } = await generator
    .try({ url, requests, connections: clients, seconds })
    .finally(() => generator.stop());
  const load = { perSecond, failures, eventLoopP99: await eventLoopP99(metrics) };
  const afterwards = await settledMemory(started.getId());
  const size = await compressedSize(image);
  return { service: name, boot: median(boots), nodeAlone: median(alone), idle, image: size, load, afterwards };
}

const addressIn = ({ name }: Service, id: number): string =>
  ["users", "threads"].includes(name) ? `/api/${name}/${id}` : `/api/posts/in-thread/${id}`;

async function addressOf(started: StartedTestContainer, port: number): Promise<string> {
  const [first = ""] = (await docker("port", started.getId(), `${port}/tcp`)).split("\n");
  return `http://${started.getHost()}:${first.slice(first.lastIndexOf(":") + 1)}`;
}

/** Says that it is ready, as a service does, and waits for its end. */
const ONE_LINE = `
  console.log(JSON.stringify({ time: new Date(), msg: "ready" }));
  process.once("SIGTERM", () => process.exit());
  setInterval(() => {}, 60_000);`;

/** Restarts a container; gives the milliseconds from its start to the line of the log that says that it is ready. */
async function restarted(id: string): Promise<number> {
  await docker("restart", "--time", "10", id);
  const start = Date.parse(await docker("inspect", "--format", "{{.State.StartedAt}}", id));
  return eventually(async () => {
    const lines = (await docker("logs", id)).split("\n").filter((line) => line.includes('"msg":"ready"'));
    const ready = Date.parse((JSON.parse(lines.at(-1) ?? "{}") as { time?: string }).time ?? "");
    if (!(ready >= start)) throw new Error(`${id} is not ready`);
    return ready - start;
  }, 30_000);
}

/** Resident memory once nothing happens any more: the least of some looks, a second apart. */
async function settledMemory(id: string): Promise<number> {
  const seen: number[] = [];
  for (let look = 0; look < 8; look++) seen.push(await memoryOf(id));
  return Math.min(...seen);
}

/** 99 % of the delays of the event loop since the last time this was asked are shorter; milliseconds. */
async function eventLoopP99(metrics: string): Promise<number> {
  const { body } = await request(metrics);
  const seconds = /^nodejs_eventloop_lag_p99_seconds(?:{[^}]*})? (\S+)$/m.exec(await body.text())?.[1];
  return Number(seconds) * 1000;
}

async function fill({ name }: Service, databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const [table, statement] of Object.entries(rowsOf(AMOUNTS))) {
      if (name !== forum.defaultService && name !== table) continue;
      // The moderator of the first start has an id of these.
      if (table === "users") await client.query("DELETE FROM users");
      await client.query(statement);
    }
  } finally {
    await client.end();
  }
}
