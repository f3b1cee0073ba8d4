import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import { execa } from "execa";
import { auditForum } from "../../infra/cutover/demo/everything.ts";
import { startLoad } from "../../infra/cutover/demo/load.ts";
import { longestWrite, p99Between } from "../../infra/cutover/demo/samples.ts";
import type { Shown } from "../../infra/cutover/status-table.ts";
import { freePort } from "../../infra/local/postgres.ts";
import { composeProject, type ComposeProject } from "../support/compose.ts";
import { eventually } from "../support/eventually.ts";
import { get } from "../support/client.ts";

const main = path.join(import.meta.dirname, "../../infra/cutover/main.ts");
const MODULES = ["users", "threads", "posts"];

/** `npm run cutover` on the forum in containers, while people use it. */
describe("the cutover on compose", { concurrency: false }, () => {
  let url: string;
  let project: ComposeProject;
  before(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    project = composeProject("forum-cutover", { FORUM_PORT: String(port), FIRST_OWNER: "monolith" });
    await project.run("up", "--build", "--wait");
  });
  after(() => project.remove());

  /** Runs a verb as a user does. */
  const cutover = (...args: string[]) =>
    execa(process.execPath, [main, ...args, "--target", "compose"], {
      env: { COMPOSE_PROJECT_NAME: project.name },
      reject: false,
      stdin: "ignore",
    });
  const succeed = async (...args: string[]) => {
    const { exitCode, stderr, stdout } = await cutover(...args);
    assert.equal(exitCode, 0, `cutover ${args.join(" ")}:\n${stderr}`);
    return stdout;
  };
  const status = async () => JSON.parse(await succeed("status", "--json")) as Shown[];
  const servedBy = async (address: string) => (await get(url + address)).headers["x-served-by"];

  it("sets weights that the balancer keeps over a restart", async () => {
    const weights = async () => Object.fromEntries((await status()).map(({ module, percent }) => [module, percent]));
    assert.deepEqual(await weights(), { users: 0, threads: 0, posts: 0 });
    await succeed("shift", "posts", "25");
    const expected = { users: 0, threads: 0, posts: 25 };
    assert.deepEqual(await weights(), expected);
    await project.run("restart", "alb");
    await eventually(async () => assert.equal((await get(`${url}/api/posts`)).status, 200), 15_000);
    assert.deepEqual(await weights(), expected);
    await succeed("shift", "posts", "0");
  });

  it("tells in a line what cannot be done", async () => {
    for (const [args, code, message] of [
      [["handover", "likes"], 2, /There is no module "likes"/],
      [["verify", "posts"], 1, /not prepared.*prepare posts/],
      [["retire", "posts", "--yes"], 1, /not with its service/],
    ] as const) {
      const { exitCode, stderr } = await cutover(...args);
      assert.equal(exitCode, code, stderr);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\n +at /);
    }
  });

  it("moves everything to the services and back under load; nothing fails and nothing is lost", async (t) => {
    const began = Date.now();
    const load = await startLoad({ url, clients: 20, rate: 40, signal: t.signal });
    try {
      const moved = performance.now();
      await succeed("to", "all");
      for (const { owner, linked, percent } of await status()) {
        assert.deepEqual({ owner, linked, percent }, { owner: "service", linked: true, percent: 100 });
      }
      for (const module of MODULES) assert.equal(await servedBy(`/api/${module}`), `${module}@service`);
      await succeed("verify", "all");
      await succeed("back", "all");
      for (const { owner, percent } of await status()) assert.deepEqual([owner, percent], ["monolith", 0]);
      for (const module of MODULES) assert.equal(await servedBy(`/api/${module}`), `${module}@monolith`);
      await succeed("to", "posts");
      await load.stop();
      tell(t, load.samples, moved);
    } finally {
      await load.stop();
    }
    assert.deepEqual(load.failures, []);
    assert.deepEqual(load.stale(), []);
    assert.ok(load.ledger.acknowledged > 100, `${load.ledger.acknowledged} writes`);
    const { lost, doubled } = await auditForum(url, load.ledger.entries, began);
    assert.deepEqual({ lost, doubled }, { lost: [], doubled: [] });
    await succeed("verify", "all");
  });
});

/** The figures: what is measured on a busy machine says little, so none of them is a limit. */
function tell(t: TestContext, samples: Parameters<typeof p99Between>[0], moved: number): void {
  const p99 = Math.round(p99Between(samples, moved, Infinity));
  const longest = Math.round(longestWrite(samples)?.ms ?? 0);
  t.diagnostic(`${samples.length} requests, p99 ${p99} ms while modules moved, longest write ${longest} ms`);
}
