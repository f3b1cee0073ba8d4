/**
 * How many calls plan, deploy and destroy make and how long they take, on moto. moto answers at once, AWS after some
 * network: `--latency` puts so many milliseconds before each answer.
 *
 *     npm run figures:deploy -- [--latency 50] [--json]
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { callsOf, type Change } from "../../infra/deploy/plan/change.ts";
import type { ResourceId } from "../../infra/deploy/reference.ts";
import type { Outcome } from "../../infra/deploy/run/run.ts";
import { planOnline } from "../../infra/deploy/session.ts";
import { table } from "../../infra/terminal/table.ts";
import { startAwsProxy } from "./aws-proxy.ts";
import { deploy, deployable, destroy, session, startMoto, type Session } from "./moto.ts";
import { assertAllDone } from "./support.ts";

interface Figure {
  what: string;
  reading: number;
  changing: number;
  seconds: number;
}

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
    await measure("deploy from nothing", (aws) => done(deploy(aws, environment))),
    await measure("plan on the deployed account", (aws) => planOnline(aws, environment)),
    await measure("deploy with nothing to do", (aws) => done(deploy(aws, environment))),
    await measure("deploy with one changed service", (aws) => done(deploy(aws, { ...environment, images }))),
    await measure("destroy", (aws) => done(destroy(aws, environment))),
  ];
  await moto.reset();
  figures.push(await measure("deploy from nothing, one after another", (aws) => done(deploy(aws, environment, 1))));
  const row = longestRow(changes);
  if (values.json) console.log(JSON.stringify({ latency, figures, calls: callsOf(changes), longestRow: row }, null, 2));
  else console.log(textOf(figures, `${callsOf(changes)} calls change something, ${row} of them one after another.`));
} finally {
  await proxy.stop();
  await moto.stop();
}

async function done(outcome: Promise<Outcome>): Promise<void> {
  assertAllDone(await outcome);
}

async function measure(what: string, work: (aws: Session) => Promise<unknown>): Promise<Figure> {
  const aws = session();
  const start = performance.now();
  await work(aws);
  return { what, ...aws.calls, seconds: Number(((performance.now() - start) / 1000).toFixed(1)) };
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
