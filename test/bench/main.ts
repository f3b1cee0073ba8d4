/** `npm run bench`: the forum against its baselines. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { exitFor } from "../../infra/terminal/exit.ts";
import { chartOf } from "./chart.ts";
import { startLoadGenerator } from "./load.ts";
import { describeMachine } from "./machine.ts";
import { HELP, readOptions } from "./options.ts";
import { reportOf, tableOf, type Report } from "./report.ts";
import { measure } from "./rounds.ts";
import { startBenchWorld } from "./world.ts";

const WARM_UP = 6;
const AMOUNTS = { users: 1000, threads: 1000, posts: 100_000 };

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) return console.log(HELP);
  const { rounds, seconds } = options;
  const say = (what: string) => process.stderr.write(`${what}\n`);
  const report: Report = { machine: describeMachine(), rounds, seconds, works: [] };
  const world = await startBenchWorld(AMOUNTS, say);
  const load = startLoadGenerator();
  try {
    for (const work of options.works) {
      const candidates = await work.start(world);
      report.works.push(
        reportOf(work, await measure(work, candidates, { warmUp: WARM_UP, rounds, seconds, load, say })),
      );
    }
  } finally {
    await load.stop();
    await world.stop();
  }
  const table = tableOf(report);
  console.log(options.json ? JSON.stringify(report, null, 2) : `\n${table}`);
  if (options.save) say(`\nwritten: ${(await save(report, table)).join(", ")}`);
}

/** Writes the result as a table, as JSON and as a chart, and gives the names of the files. */
async function save(report: Report, table: string): Promise<string[]> {
  const folder = path.join(import.meta.dirname, "results");
  await mkdir(folder, { recursive: true });
  const files = {
    "bench.txt": `${table}\n`,
    "bench.json": `${JSON.stringify(report, null, 2)}\n`,
    "bench.svg": chartOf(report),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  return Object.keys(files).map((name) => path.relative(process.cwd(), path.join(folder, name)));
}

try {
  await main();
} catch (error) {
  exitFor(error);
}
