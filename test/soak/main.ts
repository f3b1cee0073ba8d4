/** `npm run soak`: the forum under load and under one fault after the other, and its figures before, meanwhile, after. */
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { startWorld, type World } from "../../infra/local/world.ts";
import { newSecrets } from "../../infra/tasks/src/secrets.ts";
import { exitFor } from "../../infra/terminal/exit.ts";
import { figureColumns, table } from "../../infra/terminal/table.ts";
import { randomFrom } from "../cutover/random.ts";
import { get, newMember, newThread } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { startTestPostgres } from "../support/forum.ts";
import { faults } from "./faults.ts";
import { HELP, readOptions } from "./options.ts";
import { startUsers, type Figures } from "./users.ts";

const SERVICES = ["users", "threads", "posts"];
const CLIENTS = 8;
/** Share of the whole time that is quiet, before and again after the faults. */
const QUIET = 0.2;
/** Longest pause between two faults, and what a mended forum has to be well again; milliseconds. */
const PAUSE = 10_000;
const RECOVERY = 10_000;

interface Phase extends Figures {
  phase: string;
  /** Resident memory of the services in megabytes; where the system does not tell, NaN. */
  memory: number;
}

const say = (text: string) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);

try {
  const { minutes, seed, json, help } = readOptions();
  if (help) process.stdout.write(`${HELP}\n`);
  else await soak(minutes * 60_000, seed, json);
} catch (error) {
  exitFor(error);
}

async function soak(ms: number, seed: number, json: boolean): Promise<void> {
  say(`seed ${seed}; starting the forum`);
  const postgres = await startTestPostgres();
  const world = await startWorld({ services: SERVICES, postgres: postgres.server, secrets: await newSecrets() });
  try {
    const phases = await run({ world, postgres, services: SERVICES }, ms, seed);
    process.stdout.write(json ? `${JSON.stringify({ seed, phases })}\n` : `${tableOf(phases)}\n`);
  } finally {
    await world.stop();
    await postgres.remove();
  }
}

async function run(forum: Parameters<(typeof faults)[number]>[0], ms: number, seed: number): Promise<Phase[]> {
  const { world, postgres } = forum;
  const random = randomFrom(seed);
  const ada = await newMember(world.url);
  const thread = await newThread(world.url, ada);
  // Choices of its own: the order of answers must not change which faults come.
  const users = startUsers(world.url, CLIENTS, ada, thread.id, randomFrom(seed + 1));
  const over = async (phase: string): Promise<Phase> => ({ phase, ...users.figures(), memory: await memoryOf(world) });

  say("before: nothing but load");
  await sleep(ms * QUIET);
  const before = await over("before");
  const end = performance.now() + ms * (1 - 2 * QUIET);
  while (performance.now() < end) {
    say(await random.pick(faults)!(forum, random));
    await eventually(() => assertReady(world), RECOVERY);
    await sleep(random.below(PAUSE));
  }
  const during = await over("faults");
  say("after: nothing but load");
  await sleep(ms * QUIET);
  const after = await over("after");
  await users.stop();

  const stored = await postgres.query<{ id: string }>("posts", "SELECT id FROM posts");
  const ids = new Set(stored.map(({ id }) => Number(id)));
  const lost = users.acknowledged.filter((id) => !ids.has(id)).length;
  say(`${lost} of ${users.acknowledged.length} acknowledged posts are lost`);
  const unwell = after.failed + after.notNow;
  if (unwell > 0) say(`${unwell} requests failed although all is mended`);
  if (lost > 0 || unwell > 0) process.exitCode = 1;
  return [before, during, after];
}

async function assertReady(world: World): Promise<void> {
  for (const name of SERVICES) {
    const { status } = await get(`${world.addresses[name]!.url}/ready`);
    if (status !== 200) throw new Error(`${name} is not ready ${RECOVERY / 1000} s after the fault is mended`);
  }
}

async function memoryOf(world: World): Promise<number> {
  const texts = [...world.children.values()].map(({ pid }) => readFile(`/proc/${pid}/status`, "utf8").catch(() => ""));
  const kilobytes = (await Promise.all(texts)).map((text) => Number(/^VmRSS:\s+(\d+)/m.exec(text)?.[1]));
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1024;
}

function tableOf(phases: Phase[]): string {
  const columns = ["requests", "not now", "failed", "p50 ms", "p99 ms", "memory MB"];
  const rows = phases.map(({ phase, requests, notNow, failed, p50, p99, memory }) => [
    phase,
    ...[requests, notNow, failed].map(String),
    ...[p50, p99].map((ms) => ms.toFixed(1)),
    memory.toFixed(0),
  ]);
  return table(figureColumns("", columns), rows);
}
