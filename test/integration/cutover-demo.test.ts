import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { execa } from "execa";
import type { Outcome } from "../../infra/cutover/demo/outcome.ts";
import { eventually } from "../support/eventually.ts";
import { allGone } from "../support/npm-start.ts";
import { descendants } from "../support/processes.ts";
import { docker } from "./docker.ts";

const main = path.join(import.meta.dirname, "../../infra/cutover/demo/main.ts");
/** Little load: whether a busy machine fails under more is not the question here. */
const SHORT = ["--calm", "3s", "--bake", "1s", "--posts", "1000", "--rate", "20", "--clients", "10", "--no-open"];

describe("npm run demo", { concurrency: false }, () => {
  let folder: string;
  let report: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "demo-"));
    report = path.join(folder, "report.html");
  });
  after(() => rm(folder, { recursive: true, force: true }));

  // Not in the folder above: PostgreSQL runs as a user of its own, who may not look into it.
  const data = path.join(import.meta.dirname, `../../.data/demo-test-${process.pid}`);
  const project = `forum-demo-${process.pid}`;
  const demo = (...args: string[]) =>
    execa(process.execPath, [main, ...SHORT, "--report", report, ...args], { reject: false, stdin: "ignore" });

  /** What is left of the composition. */
  const left = async () => {
    const filter = `label=com.docker.compose.project=${project}`;
    const all = [
      await docker("ps", "--all", "--quiet", "--filter", filter),
      await docker("volume", "ls", "--quiet", "--filter", filter),
      await docker("network", "ls", "--quiet", "--filter", filter),
    ];
    return all.join("");
  };

  for (const [name, args] of [
    ["in containers", ["--project", project]],
    ["on plain Node", ["--local", "--data", data]],
  ] as const) {
    it(`moves three modules there, back and there again ${name}, and leaves a report and nothing else`, async (t) => {
      const { exitCode, stdout, stderr } = await demo(...args, "--json");
      assert.equal(exitCode, 0, `${stdout}\n${stderr}`);
      const outcome = JSON.parse(stdout) as Outcome;
      t.diagnostic(stdout);
      const { failed, lost, doubled, stale, verified, handovers } = outcome;
      assert.deepEqual({ failed, lost, doubled, stale }, { failed: 0, lost: 0, doubled: 0, stale: 0 });
      assert.equal(verified.differences, 0);
      assert.deepEqual(
        Object.values(handovers).map((stalls) => stalls.length),
        [3, 3, 3],
      );
      assert.ok(outcome.copied.rows > 1000);
      assert.ok(outcome.answeredBy.monolith > 0 && outcome.answeredBy.service > 0);
      assert.match(await readFile(report, "utf8"), /<svg/);
      assert.equal(await left(), "");
      assert.equal(existsSync(data), false);
    });
  }

  it("Ctrl-C ends it in the middle of a move, and nothing is left", async () => {
    const running = demo("--local", "--data", data);
    let text = "";
    running.stderr.on("data", (chunk: Buffer) => (text += String(chunk)));
    await eventually(() => assert.match(text, /handover: started/), 120_000);
    const processes = await descendants(running.pid!);
    assert.ok(processes.length > 5);
    running.kill("SIGINT");
    const { exitCode } = await running;
    assert.equal(exitCode, 130, text);
    await allGone(processes);
    assert.equal(existsSync(data), false);
  });

  it("Ctrl-C while containers start leaves none of them", async () => {
    const running = demo("--project", project);
    await eventually(async () => assert.notEqual(await left(), ""), 120_000);
    running.kill("SIGINT");
    assert.equal((await running).exitCode, 130);
    assert.equal(await left(), "");
  });
});
