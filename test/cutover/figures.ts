/**
 * Whether a handover takes longer when there is more to hand over: `npm run demo -- --local` with few posts and with many.
 *
 *     npm run figures:cutover -- [--posts 10000,1000000] [--json]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import type { Outcome } from "../../infra/cutover/demo/outcome.ts";
import { durationText } from "../../infra/cutover/duration.ts";
import { count } from "../../infra/cutover/event-text.ts";
import { DATA, root } from "../../infra/folders.ts";
import { table, type Column } from "../../infra/terminal/table.ts";

const { values } = parseArgs({
  options: { posts: { type: "string", default: "10000,1000000" }, json: { type: "boolean" } },
});

const folder = await mkdtemp(path.join(tmpdir(), "figures-"));
const data = path.join(DATA, `figures-${process.pid}`);
const main = path.join(root, "infra/cutover/demo/main.ts");
const figures: { posts: number; outcome: Outcome }[] = [];
try {
  for (const posts of values.posts.split(",").map(Number)) {
    const output = ["--report", path.join(folder, `${posts}.html`), "--no-open", "--json"];
    const args = [main, "--local", "--data", data, "--posts", String(posts), ...output];
    const { stdout } = await execa(process.execPath, args, { stderr: "inherit", stdin: "ignore" });
    figures.push({ posts, outcome: JSON.parse(stdout) as Outcome });
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

const COLUMNS: Column[] = [
  ...["posts", "rows/s copied", "posts' writes waited (ms)", "longest write", "p99 before"],
  ...["p99 during", "p99 after", "requests", "failed", "lost"],
].map((title) => ({ title, align: "right" }));

const rowOf = ({ posts, outcome }: (typeof figures)[number]): string[] => {
  const { copied, handovers, longestWrite, p99, requests, failed, lost } = outcome;
  return [
    ...[count(posts), count(copied.rowsPerSecond), handovers["posts"]!.map(Math.round).join(", ")],
    ...[longestWrite, p99.before, p99.during, p99.after].map(durationText),
    ...[requests, failed, lost].map(count),
  ];
};

console.log(values.json ? JSON.stringify(figures, null, 2) : table(COLUMNS, figures.map(rowOf)));
