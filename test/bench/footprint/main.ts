/** `npm run bench:footprint`: what a service needs in a container of Fargate's smallest size. Needs Docker. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { forum, serviceNamed } from "../../../infra/forum.ts";
import { containerEnvironment } from "../../../infra/local/setup/setup.ts";
import { exitFor } from "../../../infra/terminal/exit.ts";
import { figureColumns, table } from "../../../infra/terminal/table.ts";
import { UsageError } from "../../../infra/terminal/user-error.ts";
import { startContainerWorld } from "../../support/service-containers.ts";
import { describeMachine } from "../machine.ts";
import { footprintOf, type Footprint } from "./measure.ts";

const HELP = `Usage: npm run bench:footprint -- [options]

Measures each service in a container with ${forum.task.cpu / 1024} vCPU and ${forum.task.memory} MB: from its start until it is ready, idle memory,
size of its image, and what 200 clients do to it. Needs Docker (npm run setup).
The table goes to stdout; it also goes to test/bench/results/.

Options:
  --only NAMES   just these services, with commas between them: ${forum.services.map(({ name }) => name).join(", ")}
  --starts N     counted starts (5)
  --clients N    clients at once (200)
  --seconds N    how long they ask (60)
  --no-save      leave test/bench/results/ as it is
  --help         show this text`;

/** The goals; memory in MiB, size in MB, times in milliseconds. */
const GOALS = { boot: 350, idle: 75, image: 55, eventLoopP99: 200 };

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) return console.log(HELP);
  Object.assign(process.env, await containerEnvironment());
  const say = (what: string) => process.stderr.write(`${what}\n`);
  const machine = describeMachine();
  const footprints: Footprint[] = [];
  const world = await startContainerWorld();
  try {
    for (const service of options.services) footprints.push(await footprintOf(service, world, { ...options, say }));
  } finally {
    await world.stop();
  }
  const { processor, cores, node, date, commit, loadBefore } = machine;
  const about = `${processor}, ${cores} cores, Node ${node}; ${date}, ${commit}; load before ${loadBefore.toFixed(2)}`;
  const text = `${about}\n\n${tableOf(footprints)}`;
  console.log(`\n${text}`);
  if (!options.save) return;
  const folder = path.join(import.meta.dirname, "../results");
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "footprint.txt"), `${text}\n`);
  await writeFile(path.join(folder, "footprint.json"), `${JSON.stringify({ machine, footprints }, null, 2)}\n`);
}

function tableOf(footprints: Footprint[]): string {
  const figures = ["ready ms", "Node alone", "idle MiB", "image MB", "requests/s", "failed", "loop p99 ms", "then MiB"];
  const rows = footprints.map(({ service, boot, nodeAlone, idle, image, load, afterwards }) => [
    service,
    ...[boot, nodeAlone, idle].map(String),
    (image / 1e6).toFixed(1),
    load.perSecond.toFixed(0),
    String(load.failures),
    load.eventLoopP99.toFixed(0),
    String(afterwards),
  ]);
  const { boot, idle, image, eventLoopP99 } = GOALS;
  const goals = ["goal", `< ${boot}`, "", `< ${idle}`, `< ${image}`, "", "0", `< ${eventLoopP99}`, ""];
  return table(figureColumns("", figures), [...rows, goals]);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      allowNegative: true,
      options: {
        only: { type: "string", default: forum.services.map(({ name }) => name).join(",") },
        starts: { type: "string", default: "5" },
        clients: { type: "string", default: "200" },
        seconds: { type: "string", default: "60" },
        save: { type: "boolean", default: true },
        help: { type: "boolean", default: false },
      },
    });
    const [starts, clients, seconds] = [values.starts, values.clients, values.seconds].map(Number) as [
      number,
      number,
      number,
    ];
    if (![starts, clients, seconds].every((value) => Number.isInteger(value) && value > 0)) {
      throw new UsageError("--starts, --clients and --seconds take whole numbers from 1");
    }
    return { ...values, starts, clients, seconds, services: values.only.split(",").map(serviceNamed) };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${HELP}`);
  }
}

try {
  await main();
} catch (error) {
  exitFor(error);
}
