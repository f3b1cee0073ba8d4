/**
 * How many calls plan, deploy and destroy make and how long they take, on moto. moto answers at once, AWS after some
 * network: `--latency` puts so many milliseconds before each answer.
 *
 *     npm run figures:deploy -- [--latency 50] [--json]
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { reader } from "../../infra/deploy/ask.ts";
import type { Environment } from "../../infra/deploy/environment.ts";
import { callsOf, type Change } from "../../infra/deploy/plan/change.ts";
import { removals } from "../../infra/deploy/plan/removal.ts";
import type { ResourceId } from "../../infra/deploy/reference.ts";
import { run } from "../../infra/deploy/run/run.ts";
import { existingOf, planOnline } from "../../infra/deploy/session.ts";
import { table } from "../../infra/terminal/table.ts";
import { startAwsProxy } from "./aws-proxy.ts";
import { deployable, session, startMoto, type Session } from "./moto.ts";

interface Figure {
  what: string;
  reading: number;
  changing: number;
  seconds: number;
}

const progress = { started: () => {}, waiting: () => {}, done: () => {}, failed: () => {} };
/** Milliseconds between two questions while waiting: tasks of moto live fast. */
const pace = 10;

const { values } = parseArgs({ options: { latency: { type: "string", default: "50" }, json: { type: "boolean" } } });
const latency = Number(values.latency);
const moto = await startMoto();
const proxy = await startAwsProxy(moto.url, async (_, forward) => {
  const [answer] = await Promise.all([forward(), sleep(latency)]);
  return answer;
});
process.env["AWS_ENDPOINT_URL"] = proxy.url;
try {
  const environment = deployable();
  const images = { ...environment.images, users: `sha256:${"b".repeat(64)}` };
  // The modules of the SDK are loaded only once in a process: every figure is without that.
  const { changes } = await planOnline(session(), environment);
  const figures = [
    await measure("plan on an empty account", (aws) => planOnline(aws, environment)),
    await measure("deploy from nothing", (aws) => deploy(aws, environment)),
    await measure("plan on the deployed account", (aws) => planOnline(aws, environment)),
    await measure("deploy with nothing to do", (aws) => deploy(aws, environment)),
    await measure("deploy with one changed service", (aws) => deploy(aws, { ...environment, images })),
    await measure("destroy", (aws) => destroy(aws, environment)),
  ];
  await moto.reset();
  figures.push(await measure("deploy from nothing, one after another", (aws) => deploy(aws, environment, 1)));
  const row = longestRow(changes);
  if (values.json) console.log(JSON.stringify({ latency, figures, calls: callsOf(changes), longestRow: row }, null, 2));
  else console.log(textOf(figures, `${callsOf(changes)} calls change something, ${row} of them one after another.`));
} finally {
  await proxy.stop();
  await moto.stop();
}

async function measure(what: string, work: (aws: Session) => Promise<unknown>): Promise<Figure> {
  const aws = session();
  const start = performance.now();
  await work(aws);
  return { what, ...aws.calls, seconds: Number(((performance.now() - start) / 1000).toFixed(1)) };
}

async function deploy({ send }: Session, environment: Environment, atOnce = Infinity): Promise<void> {
  const { changes, known } = await planOnline({ send }, environment);
  assertDone(await run(changes, { send, known, progress, pace, atOnce }));
}

async function destroy({ send }: Session, environment: Environment): Promise<void> {
  const changes = removals((await existingOf(reader(send), environment)).filter(({ found }) => found.owned));
  assertDone(await run(changes, { send, known: new Map(), progress, pace }));
}

function assertDone({ failed }: { failed: { change: Change; error: Error }[] }): void {
  if (failed.length > 0)
    throw new Error(failed.map(({ change, error }) => `${change.id}: ${error.message}`).join("\n"));
}

/** The most calls that have to be made one after another, since each needs what the one before has made. */
function longestRow(changes: readonly Change[]): number {
  const lengths = new Map<ResourceId, number>();
  const byId = new Map(changes.map((change) => [change.id, change]));
  const lengthOf = (change: Change): number => {
    const before = change.after.flatMap((id) => byId.get(id) ?? []).map(lengthUpTo);
    return Math.max(0, ...before) + callsOf([change]);
  };
  const lengthUpTo = (change: Change): number => {
    const length = lengths.get(change.id) ?? lengthOf(change);
    lengths.set(change.id, length);
    return length;
  };
  return Math.max(...changes.map(lengthUpTo));
}

function textOf(figures: Figure[], calls: string): string {
  const right = { align: "right" as const };
  const columns = [
    { title: "" },
    { title: "reading calls", ...right },
    { title: "changing calls", ...right },
    { title: "seconds", ...right },
  ];
  const rows = figures.map(({ what, reading, changing, seconds }) => [
    what,
    String(reading),
    String(changing),
    seconds.toFixed(1),
  ]);
  return `${table(columns, rows)}\n\nOn moto, ${latency} ms before each answer. ${calls}`;
}
