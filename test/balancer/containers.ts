/** nginx from infra/balancer/Dockerfile on a network of its own, with an echo target for each service of the forum. */
import { execa } from "execa";
import { GenericContainer, Network, Wait, type StartedNetwork, type StartedTestContainer } from "testcontainers";
import { nginxConfiguration, type NginxOptions } from "../../infra/balancer/nginx.ts";
import type { RuleTable } from "../../infra/balancer/rules.ts";
import { root } from "../../infra/folders.ts";
import { forum, hostOf, type Service } from "../../infra/forum.ts";
import { echoOf } from "./echo-target.ts";
import { rawRequest, send } from "./raw-client.ts";
import { removeNetwork } from "../support/network.ts";

/** Port of nginx in its container. */
export const nginxPort = 8080;

export interface NginxStart extends Partial<NginxOptions> {
  /** Instead of the image's own. */
  table?: RuleTable;
  /** Whether to wait until nginx has found an address of its targets; true unless given. */
  hasTargets?: boolean;
}

/** Echo targets on a network, and every nginx that was started there; disposing of it ends them all. */
export interface EchoNetwork extends AsyncDisposable {
  /** Id of the balancer's image. */
  image: string;
  /** Starts nginx; answers its TCP port on 127.0.0.1. */
  startNginx(start?: NginxStart): Promise<number>;
  /** Runs `weights ARGS…` in the nginx at that port with that standard input; rejects when it fails. */
  weights(port: number, args?: string[], input?: string): Promise<string>;
}

/** Throws an `Error` that names the remedy when no Docker engine answers: a test that needs one must not pass without. */
async function requireDocker(): Promise<void> {
  const { exitCode, stderr } = await execa({ reject: false })`docker version --format {{.Server.Version}}`;
  if (exitCode !== 0) {
    throw new Error(`This test needs a running Docker engine; leave out *.docker.test.ts to test without.\n${stderr}`);
  }
}

/** Builds the balancer's image and starts the echo targets, each under the DNS name of its service. */
export async function startEchoNetwork(): Promise<EchoNetwork> {
  await requireDocker();
  const [image, network] = await Promise.all([buildBalancer(), new Network().start()]);
  const containers = await Promise.all(forum.services.map((service) => startEchoTarget(service, network)));
  const balancers = new Map<number, string>();
  return {
    image,
    startNginx: async (start = {}) => {
      const container = await startNginx(image, network, start);
      containers.push(container);
      const port = container.getMappedPort(nginxPort);
      balancers.set(port, container.getId());
      return port;
    },
    weights: async (port, args = [], input = "") =>
      (await execa("docker", ["exec", "--interactive", balancers.get(port) ?? "", "weights", ...args], { input }))
        .stdout,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(containers.map((container) => container.stop()));
      await removeNetwork(network);
    },
  };
}

async function buildBalancer(): Promise<string> {
  const env = { DOCKER_BUILDKIT: "1" };
  const { stdout } = await execa({ cwd: root, env })`docker build --quiet --file infra/balancer/Dockerfile .`;
  return stdout.trim();
}

const startEchoTarget = (service: Service, network: StartedNetwork): Promise<StartedTestContainer> =>
  new GenericContainer("node:24.21.0-trixie-slim")
    .withCopyFilesToContainer([{ source: `${root}/test/balancer/echo-target.ts`, target: "/echo-target.ts" }])
    .withCommand(["node", "/echo-target.ts", service.name])
    .withNetwork(network)
    .withNetworkAliases(hostOf(service))
    .withWaitStrategy(Wait.forLogMessage("listening"))
    .start();

function startNginx(image: string, network: StartedNetwork, start: NginxStart): Promise<StartedTestContainer> {
  const { table, hasTargets = true, ...options } = start;
  const files = table
    ? [{ target: "/etc/nginx/nginx.conf", content: nginxConfiguration(table, { addresses, ...options }) }]
    : [];
  return (
    new GenericContainer(image)
      .withCopyContentToContainer(files)
      .withNetwork(network)
      .withExposedPorts(nginxPort)
      // nginx asks the DNS for its targets once it runs; until then it answers 503.
      .withWaitStrategy(Wait.forHttp("/", nginxPort).forStatusCodeMatching((status) => status !== 503 || !hasTargets))
      .start()
  );
}

const addresses = Object.fromEntries(
  forum.services.map((service) => [service.name, `${hostOf(service)}:${forum.port}`]),
);

/** The address from which a balancer on that port sees this process come. */
export async function clientIpAt(port: number): Promise<string> {
  const { body } = await send(port, rawRequest("GET / HTTP/1.1", [["Host", "x"]]));
  return echoOf(body).headers["x-forwarded-for"] ?? "";
}
