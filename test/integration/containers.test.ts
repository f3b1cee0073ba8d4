import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Wait } from "testcontainers";
import { request } from "undici";
import { forum, serviceNamed, type Service } from "../../infra/forum.ts";
import { eventually } from "../support/eventually.ts";
import { startContainerWorld, type ContainerWorld } from "../support/service-containers.ts";
import { buildImage, docker, memoryOf } from "./docker.ts";

/** Generous: what is measured on a busy machine says little. The figure itself is printed. */
const BOOT_LIMIT = 5000;
const MEMORY_LIMIT = 90;

/** A service as its own container on its own database, as small as Fargate's smallest task. */
describe("a service's container", { concurrency: false }, () => {
  let world: ContainerWorld;
  before(async () => {
    world = await startContainerWorld();
  });
  after(() => world?.stop());
  const container = async (service: Service) => world.container(service, await buildImage(service));

  for (const { name } of forum.services) {
    it(`${name} migrates, gets ready, stays small, and ends on SIGTERM with exit code 0`, async (t) => {
      const service = serviceNamed(name);
      const migrated = await (
        await container(service)
      )
        .withCommand(["migrate"])
        .withWaitStrategy(Wait.forOneShotStartup())
        .start();
      await migrated.stop();

      const started = await (await container(service)).withWaitStrategy(Wait.forHttp("/ready", forum.port)).start();
      try {
        const url = `http://${started.getHost()}:${started.getMappedPort(forum.port)}`;
        const [path = "/"] = service.paths;
        await eventually(async () => assert.equal((await request(url + path)).statusCode, 200));

        const boot = Number(/"bootMs":(\d+)/.exec(await docker("logs", started.getId()))?.[1]);
        const memory = await eventually(async () => memoryOf(started.getId()));
        t.diagnostic(`${name}: ready after ${boot} ms at 0.25 vCPU, ${memory} MiB`);
        assert.ok(boot < BOOT_LIMIT, `ready after ${boot} ms`);
        assert.ok(memory < MEMORY_LIMIT, `${memory} MiB`);

        await docker("stop", "--time", "10", started.getId());
        const state = await docker("inspect", "--format", "{{.State.ExitCode}}", started.getId());
        assert.equal(state, "0");
      } finally {
        await started.stop();
      }
    });
  }
});
