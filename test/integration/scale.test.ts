import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { execa } from "execa";
import { request } from "undici";
import { freePort } from "../../infra/local/postgres.ts";
import { composeProject, type ComposeProject } from "../support/compose.ts";
import { eventually } from "../support/eventually.ts";

const TASKS = 3;
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

  it(`spreads the load over ${TASKS} tasks of a service`, async () => {
    await project.run("up", "--wait", "--scale", `posts=${TASKS}`);
    const ids = (await project.run("ps", "--quiet", "posts")).split("\n");
    assert.equal(ids.length, TASKS);
    // A new task is found through DNS within a second or so.
    await eventually(async () => {
      for (let i = 0; i < 2 * TASKS; i++) {
        const { statusCode, body } = await request(`http://127.0.0.1:${port}/api/posts?limit=1`);
        await body.dump();
        assert.equal(statusCode, 200);
      }
      for (const id of ids) {
        const { stdout } = await execa("docker", ["logs", id]);
        assert.match(stdout, /GET \/api\/posts/, `task ${id} has served nothing`);
      }
    }, 15_000);
  });
});
