import { PostgreSqlContainer } from "@testcontainers/postgresql";
import { GenericContainer, Network } from "testcontainers";
import { forum, hostOf, type Service } from "../../infra/forum.ts";
import { serviceEnvironment } from "../../infra/local/environment.ts";
import { ensureDatabases } from "../../infra/tasks/src/databases.ts";
import { newSecrets } from "../../infra/tasks/src/secrets.ts";
import { removeNetwork } from "./network.ts";

/** A network with a PostgreSQL server, for containers of services. */
export interface ContainerWorld {
  /** A service's container, not started: on its own database, as small as Fargate's smallest task. */
  container(service: Service, image: string): GenericContainer;
  /** Address of a service's database from this machine. */
  databaseUrl(database: string): string;
  stop(): Promise<void>;
}

/** Starts the network and the server, with a database for each service of the table. */
export async function startContainerWorld(): Promise<ContainerWorld> {
  const network = await new Network().start();
  const postgres = await new PostgreSqlContainer("postgres:17-trixie")
    .withNetwork(network)
    .withNetworkAliases("postgres")
    .withTmpFs({ "/var/lib/postgresql/data": "rw" })
    .start();
  const secrets = await newSecrets();
  const { databasePassword: password } = secrets;
  await ensureDatabases(
    postgres.getConnectionUri(),
    forum.services.map(({ database }) => ({ name: database, password })),
  );
  return {
    container(service, image) {
      const environment = serviceEnvironment(service, {
        secrets,
        databaseUrl: (database) => `postgres://${database}:${password}@postgres/${database}`,
        serviceUrl: (peer) => `http://${hostOf(peer)}:${forum.port}`,
        trustedProxies: 1,
      });
      return new GenericContainer(image)
        .withNetwork(network)
        .withNetworkAliases(hostOf(service))
        .withEnvironment({ ...environment, DRAIN_DELAY: "200" })
        .withExposedPorts(forum.port, forum.metricsPort)
        .withResourcesQuota({ cpu: forum.task.cpu / 1024, memory: forum.task.memory / 1024 })
        .withDroppedCapabilities("ALL")
        .withSecurityOpt("no-new-privileges:true");
    },
    databaseUrl: (database) =>
      `postgres://${database}:${password}@${postgres.getHost()}:${postgres.getPort()}/${database}`,
    async stop() {
      await postgres.stop();
      await removeNetwork(network);
    },
  };
}
