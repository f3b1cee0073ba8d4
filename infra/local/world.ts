import { once } from "node:events";
import { createGateway, type Gateway } from "../balancer/gateway.ts";
import { listenerRules } from "../balancer/rules.ts";
import { forum, serviceNamed } from "../forum.ts";
import { startChild, type Child } from "./child.ts";
import { serviceEnvironment } from "./environment.ts";
import { freePort, type Postgres } from "./postgres.ts";
import type { Secrets } from "../tasks/src/secrets.ts";

/** Some or all services of the table as processes on this machine, with the gateway in front. */
export interface World {
  /** Address of the gateway. */
  readonly url: string;
  readonly gateway: Gateway;
  /** The running services by name. */
  readonly children: Map<string, Child>;
  /** By name: where a service serves requests and, below `/metrics`, its figures, whether or not it is running. */
  readonly addresses: Record<string, { url: string; metrics: string }>;
  /** Starts a service that is not running, under the address it has, and waits until it is ready. */
  start(name: string): Promise<Child>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  /** Names of the services to start. */
  services: string[];
  postgres: Postgres;
  secrets: Secrets;
  /** Port of the gateway; any free one unless given. */
  port?: number;
  /** Variables for every service, over those that the table makes. */
  environment?: Record<string, string>;
  watch?: boolean;
  onLine?: (service: string, line: string) => void;
  onReady?: (child: Child) => void;
  /** Called when a service ends without having been asked to. */
  onExit?: (child: Child, how: number | string) => void;
}

/**
 * Starts services side by side, then the gateway; rejects when one of them does not become ready, after having stopped
 * the others.
 */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { postgres, secrets, onLine = () => {} } = options;
  const ports = new Map<string, { requests: number; metrics: number }>();
  for (const { name } of forum.services) ports.set(name, { requests: await freePort(), metrics: await freePort() });
  const urlOf = (name: string) => `http://127.0.0.1:${ports.get(name)!.requests}`;
  const children = new Map<string, Child>();
  let stopping = false;

  const start = async (name: string) => {
    const service = serviceNamed(name);
    // The two sides know one another only if both are here; services count on each other in any case.
    const isService = (one: string) => one !== forum.defaultService;
    const knows = (peer: string) => options.services.includes(peer) || (isService(name) && isService(peer));
    const around = {
      secrets,
      databaseUrl: (database: string) => postgres.url(database),
      serviceUrl: (peer: { name: string }) => (knows(peer.name) ? urlOf(peer.name) : undefined),
      trustedProxies: 1,
    };
    const child = startChild({
      service,
      port: ports.get(name)!.requests,
      environment: {
        ...serviceEnvironment(service, around),
        ...{ DRAIN_DELAY: "0", METRICS_PORT: String(ports.get(name)!.metrics) },
        ...options.environment,
      },
      onLine: (line) => onLine(name, line),
      watch: options.watch ?? false,
    });
    children.set(name, child);
    const forget = (how: number | string) => {
      if (children.get(name) === child) children.delete(name);
      if (!stopping) options.onExit?.(child, how);
    };
    void child.ended.then(forget);
    await child.ready();
    options.onReady?.(child);
    return child;
  };
  const stop = async () => {
    stopping = true;
    await Promise.all([gateway.close(), ...[...children.values()].map((child) => child.stop(3000))]);
  };

  // A service that has died stays a target: what is not there is a 502, as behind a real balancer.
  const targets = Object.fromEntries(options.services.map((name) => [name, [new URL(urlOf(name))]]));
  const services = options.services.filter((name) => name !== forum.defaultService);
  const gateway = createGateway({ rules: listenerRules(forum, { services }), targets });
  try {
    // First, because a taken port is the most likely failure.
    gateway.server.listen(options.port ?? 0, "127.0.0.1");
    await once(gateway.server, "listening");
    await Promise.all(options.services.map(start));
  } catch (error) {
    await stop();
    throw error;
  }
  const { port } = gateway.server.address() as { port: number };
  const addresses = Object.fromEntries(
    [...ports].map(([name, { metrics }]) => [name, { url: urlOf(name), metrics: `http://127.0.0.1:${metrics}` }]),
  );
  return { url: `http://127.0.0.1:${port}`, gateway, children, addresses, start, stop };
}
