/** What is stored on AWS as a Compose file: the same containers, run by Docker. */
import type { KeyValuePair, TaskDefinition } from "@aws-sdk/client-ecs";
import type { StoredService, StoredTask } from "./tasks.ts";

/** Values of secrets by ARN. */
type Secrets = ReadonlyMap<string, string>;

/** A container as its task definition says: nothing comes from the image but its program. */
export function container({ cpu, memory, containerDefinitions }: TaskDefinition, secrets: Secrets): object {
  const one = containerDefinitions![0]!;
  const given = one.environment?.map(({ name, value }: KeyValuePair) => [name, value]) ?? [];
  const secret = one.secrets?.map(({ name, valueFrom }) => [name, secrets.get(valueFrom!)]) ?? [];
  return {
    image: one.image,
    ...(one.command && { command: one.command }),
    environment: Object.fromEntries([...given, ...secret]),
    user: one.user,
    read_only: one.readonlyRootFilesystem,
    cap_drop: one.linuxParameters?.capabilities?.drop,
    init: one.linuxParameters?.initProcessEnabled,
    cpus: Number(cpu) / 1024,
    mem_limit: `${memory}m`,
    stop_grace_period: `${one.stopTimeout}s`,
    ...(one.healthCheck && { healthcheck: healthCheck(one.healthCheck) }),
  };
}

type HealthCheck = NonNullable<NonNullable<TaskDefinition["containerDefinitions"]>[0]["healthCheck"]>;

const healthCheck = ({ command, interval, timeout, retries, startPeriod }: HealthCheck) => ({
  test: command,
  interval: `${interval}s`,
  timeout: `${timeout}s`,
  retries,
  start_period: `${startPeriod}s`,
});

/** A service: its tasks under their DNS name, reachable on the port to which the load balancer sends. */
export const serviceContainer = (
  { definition, desiredCount, dnsName, targetGroup }: StoredService,
  secrets: Secrets,
): object => ({
  ...container(definition, secrets),
  scale: desiredCount,
  expose: [targetGroup.port],
  networks: { default: { aliases: [dnsName] } },
});

/** A task that runs once, when it is told to. */
export const taskContainer = ({ definition, command }: StoredTask, secrets: Secrets): object => ({
  ...container(definition, secrets),
  ...(command && { command }),
  profiles: ["one-off"],
});

/** PostgreSQL in the place of Aurora: it insists on TLS, and its administrator is no superuser. */
export const databaseContainer = (host: string): object => ({
  image: "postgres:17-trixie",
  command: [
    ...["postgres", "-c", "ssl=on", "-c", "max_connections=200"],
    ...["-c", "ssl_cert_file=/etc/ssl/certs/ssl-cert-snakeoil.pem"],
    ...["-c", "ssl_key_file=/etc/ssl/private/ssl-cert-snakeoil.key"],
  ],
  environment: { POSTGRES_USER: "rdsadmin", POSTGRES_DB: "postgres", POSTGRES_PASSWORD: "of AWS itself" },
  volumes: ["./administrator.sql:/docker-entrypoint-initdb.d/administrator.sql:ro"],
  healthcheck: {
    test: ["CMD", "pg_isready", "-U", "rdsadmin", "-h", "127.0.0.1"],
    interval: "1s",
    timeout: "3s",
    retries: 60,
  },
  networks: { default: { aliases: [host] } },
});

/** The administrator's role as Aurora has it. @param secret JSON with username and password */
export function administratorSql(secret: string): string {
  const { username, password } = JSON.parse(secret) as { username: string; password: string };
  return [
    `CREATE ROLE "${username}" LOGIN CREATEROLE CREATEDB PASSWORD '${password.replaceAll("'", "''")}';`,
    `ALTER DATABASE postgres OWNER TO "${username}";`,
    `ALTER DATABASE template1 OWNER TO "${username}";`,
  ].join("\n");
}
