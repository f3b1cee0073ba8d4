import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Agent, get } from "node:http";
import { execa } from "execa";
import { request } from "undici";
import { freePort } from "../../infra/local/postgres.ts";
import { composeProject, type ComposeProject } from "../support/compose.ts";
import { eventually, timed } from "../support/eventually.ts";
import { startLoad, type Outcome } from "../support/load.ts";

const TASKS = 3;
/** Requests under way at any time. */
const CLIENTS = 8;
/** MiB that the whole composition may take when nobody uses it, without the tasks beyond the first. */
const MEMORY_LIMIT = 500;

describe("docker compose", () => {
  let port: number;
  let project: ComposeProject;
  before(async () => {
    port = await freePort();
    project = composeProject("forum-scale", { FORUM_PORT: String(port) });
    await project.run("up", "--build", "--wait");
  });
  after(() => project.remove());

  it("serves the sample, from the services and from the monolith", async () => {
    for (const path of ["/api/users", "/api/threads", "/api/posts"]) {
      const { statusCode, body } = await request(`http://127.0.0.1:${port}${path}`);
      assert.equal(statusCode, 200);
      assert.ok(((await body.json()) as unknown[]).length > 0, path);
    }
    const home = await request(`http://127.0.0.1:${port}/`);
    assert.equal(await home.body.text(), "Ready to receive requests");
  });

  it(`takes less than ${MEMORY_LIMIT} MiB in all`, async (t) => {
    const ids = (await project.run("ps", "--quiet")).split("\n");
    const { stdout } = await execa("docker", ["stats", "--no-stream", "--format", "{{.MemUsage}}", ...ids]);
    const used = stdout.split("\n").map((line) => Number(/^([0-9.]+)MiB/.exec(line)?.[1]));
    const total = used.reduce((sum, one) => sum + one, 0);
    t.diagnostic(`${ids.length} containers, ${Math.round(total)} MiB`);
    assert.ok(total < MEMORY_LIMIT, stdout);
  });

  /** Reads posts over kept connections by Node's own client all the while; gives what became of the requests. */
  const whileReading = async (work: () => Promise<void>): Promise<Outcome> => {
    const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
    const load = startLoad(CLIENTS, () => timed(() => read(`http://127.0.0.1:${port}/api/posts?limit=1`, agent)));
    try {
      await eventually(() => assert.ok(load.outcome.total > 20));
      await work();
      const { total } = load.outcome;
      // A connection to a task that is gone without a word is given up after ten seconds.
      await eventually(() => assert.ok(load.outcome.total > total + 20), 30_000);
    } finally {
      await load.stop();
      agent.destroy();
    }
    return load.outcome;
  };
  const assertNoneFailed = ({ statuses, broken, total }: Outcome) => {
    assert.deepEqual(broken, []);
    assert.deepEqual(statuses, { 200: total });
  };
  const scaleTo = (tasks: number) => project.run("up", "--wait", "--no-recreate", "--scale", `posts=${tasks}`);
  const tasks = async () => (await project.run("ps", "--quiet", "posts")).split("\n");
  const served = async (id: string) => /GET \/api\/posts/.test((await execa("docker", ["logs", id])).stdout);

  it(`scales up to ${TASKS} tasks under load: no request fails, and each task gets some`, async (t) => {
    const outcome = await whileReading(async () => {
      await scaleTo(TASKS);
      const ids = await tasks();
      assert.equal(ids.length, TASKS);
      for (const id of ids) await eventually(async () => assert.ok(await served(id), id), 15_000);
    });
    t.diagnostic(`${outcome.total} requests`);
    assertNoneFailed(outcome);
  });

  it("is reloaded under load: no request fails", async (t) => {
    const outcome = await whileReading(async () => {
      for (let i = 0; i < 5; i++) await project.run("exec", "-T", "alb", "nginx", "-e", "stderr", "-s", "reload");
    });
    t.diagnostic(`${outcome.total} requests`);
    assertNoneFailed(outcome);
  });

  it("loses a task that is killed: only what was sent to it fails", async (t) => {
    const [victim = ""] = await tasks();
    const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
    const { stdout: address } = await execa("docker", ["inspect", "--format", format, victim]);
    const outcome = await whileReading(async () => void (await execa("docker", ["kill", victim])));
    // Running again before anything is asserted: the next test begins with all of them.
    await scaleTo(TASKS);
    const { 200: good = 0, ...others } = outcome.statuses;
    t.diagnostic(`${outcome.total} requests, not answered with 200: ${JSON.stringify(others)}`);
    assert.deepEqual(outcome.broken, []);
    const failed = (await project.run("logs", "--no-log-prefix", "alb"))
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as { status: number; target: string })
      .filter(({ status }) => status !== 200);
    assert.equal(failed.length, outcome.total - good);
    assert.deepEqual([...new Set(failed.map(({ target }) => target))], [`${address}:3000`]);
    // It gets nothing any more.
    assertNoneFailed(await whileReading(async () => {}));
  });

  it("scales down to one task under load: the others are drained, no request fails", async (t) => {
    const outcome = await whileReading(async () => void (await scaleTo(1)));
    t.diagnostic(`${outcome.total} requests`);
    assertNoneFailed(outcome);
    assert.equal((await tasks()).length, 1);
  });
});

/** Sends one GET and reads the answer; never repeats it by itself. */
const read = (url: string, agent: Agent): Promise<{ status: number }> =>
  new Promise((resolve, reject) => {
    get(url, { agent }, (answer) => {
      answer.on("error", reject).on("end", () => resolve({ status: answer.statusCode ?? 0 }));
      answer.resume();
    }).on("error", reject);
  });
