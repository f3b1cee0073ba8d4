/** nginx from infra/balancer/Dockerfile on a network of its own, with an echo target for each service of the forum. */
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { GenericContainer, Network, Wait, type StartedNetwork, type StartedTestContainer } from "testcontainers";
import { nginxConfiguration, type NginxOptions } from "../../infra/balancer/nginx.ts";
import type { RuleTable } from "../../infra/balancer/rules.ts";
import { forum, hostOf } from "../../infra/forum.ts";
import { echoOf } from "./echo-target.ts";
import { rawRequest, send } from "./raw-client.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const nodeImage = "node:24.21.0-trixie-slim";

/** Port of nginx in its container. */
export const nginxPort = 8080;

/** A DNS name and port for each target group, as the forum's containers have them. */
export const addresses = Object.fromEntries(
  forum.services.map((service) => [service.name, `${hostOf(service)}:${forum.port}`]),
);

/** Throws an `Error` that names the remedy when no Docker engine answers: a test that needs one must not pass without. */
export async function requireDocker(): Promise<void> {
  const { exitCode, stderr } = await execa({ reject: false })`docker version --format {{.Server.Version}}`;
  if (exitCode !== 0) {
    throw new Error(`This test needs a running Docker engine; leave out *.docker.test.ts to test without.\n${stderr}`);
  }
}

/** Builds the balancer's image; answers its id. */
export async function buildBalancer(buildArgs: readonly string[] = []): Promise<string> {
  const args = ["build", "--quiet", "--file", "infra/balancer/Dockerfile", ...buildArgs, "."];
  const { stdout } = await execa("docker", args, { cwd: root, env: { DOCKER_BUILDKIT: "1" } });
  return stdout.trim();
}

/** Starts an echo target for every service, under the service's DNS name. */
export async function startEchoTargets(network: StartedNetwork): Promise<StartedTestContainer[]> {
  return Promise.all(
    forum.services.map((service) =>
      new GenericContainer(nodeImage)
        .withCopyFilesToContainer([{ source: `${root}test/balancer/echo-target.ts`, target: "/echo-target.ts" }])
        .withCommand(["node", "/echo-target.ts", service.name])
        .withNetwork(network)
        .withNetworkAliases(hostOf(service))
        .withWaitStrategy(Wait.forLogMessage("listening"))
        .start(),
    ),
  );
}

export const startNetwork = (): Promise<StartedNetwork> => new Network().start();

export interface RunningNginx {
  container: StartedTestContainer;
  /** TCP port on 127.0.0.1. */
  port: number;
}

/** Starts nginx; with a table, on that table's configuration instead of the image's. */
export async function startNginx(
  image: string,
  network: StartedNetwork,
  table?: RuleTable,
  options: Partial<NginxOptions> = {},
  hasTargets = true,
): Promise<RunningNginx> {
  const files = table
    ? [{ target: "/etc/nginx/nginx.conf", content: nginxConfiguration(table, { addresses, ...options }) }]
    : [];
  const container = await new GenericContainer(image)
    .withCopyContentToContainer(files)
    .withNetwork(network)
    .withExposedPorts(nginxPort)
    // nginx asks the DNS for its targets once it runs; until then it answers 503.
    .withWaitStrategy(Wait.forHttp("/", nginxPort).forStatusCodeMatching((status) => status !== 503 || !hasTargets))
    .start();
  return { container, port: container.getMappedPort(nginxPort) };
}

/** The address from which a balancer on that port sees this process come. */
export async function clientIpAt(port: number): Promise<string> {
  const { body } = await send(port, rawRequest("GET / HTTP/1.1", [["Host", "x"]]));
  return echoOf(body).headers["x-forwarded-for"] ?? "";
}
