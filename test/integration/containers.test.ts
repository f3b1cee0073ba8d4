import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { PostgreSqlContainer, type StartedPostgreSqlContainer } from "@testcontainers/postgresql";
import { GenericContainer, Network, Wait, type StartedNetwork } from "testcontainers";
import { request } from "undici";
import { forum, hostOf, serviceNamed, type Service } from "../../infra/forum.ts";
import { serviceEnvironment } from "../../infra/local/environment.ts";
import { ensureDatabases } from "../../infra/tasks/src/databases.ts";
import { newSecrets, type Secrets } from "../../infra/tasks/src/secrets.ts";
import { eventually } from "../support/eventually.ts";
import { removeNetwork } from "../support/network.ts";
import { buildImage, docker } from "./docker.ts";

/** Generous: what is measured on a busy machine says little. The figure itself is printed. */
const BOOT_LIMIT = 5000;
const MEMORY_LIMIT = 90;

/** A service as its own container on its own database, as small as Fargate's smallest task. */
describe("a service's container", { concurrency: false }, () => {
  let network: StartedNetwork;
  let postgres: StartedPostgreSqlContainer;
  let secrets: Secrets;

  before(async () => {
    network = await new Network().start();
    postgres = await new PostgreSqlContainer("postgres:17-trixie")
      .withNetwork(network)
      .withNetworkAliases("postgres")
      .withTmpFs({ "/var/lib/postgresql/data": "rw" })
      .start();
    secrets = await newSecrets();
    const accounts = forum.services.map(({ database }) => ({ name: database, password: secrets.databasePassword }));
    await ensureDatabases(postgres.getConnectionUri(), accounts);
  });
  after(async () => {
    await postgres?.stop();
    if (network) await removeNetwork(network);
  });

  const container = async (service: Service) => {
    const environment = serviceEnvironment(service, {
      secrets,
      databaseUrl: (database) => `postgres://${database}:${secrets.databasePassword}@postgres/${database}`,
      serviceUrl: (peer) => `http://${hostOf(peer)}:${forum.port}`,
      trustedProxies: 1,
    });
    return new GenericContainer(await buildImage(service))
      .withNetwork(network)
      .withNetworkAliases(hostOf(service))
      .withEnvironment({ ...environment, DRAIN_DELAY: "200" })
      .withExposedPorts(forum.port)
      .withResourcesQuota({ cpu: forum.task.cpu / 1024, memory: forum.task.memory / 1024 })
      .withDroppedCapabilities("ALL")
      .withSecurityOpt("no-new-privileges:true");
  };

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

/** Resident memory in MiB, as `docker stats` shows it. */
async function memoryOf(id: string): Promise<number> {
  const usage = await docker("stats", "--no-stream", "--format", "{{.MemUsage}}", id);
  const mib = /^([0-9.]+)MiB/.exec(usage)?.[1];
  assert.ok(mib, usage);
  return Math.round(Number(mib));
}
