import { once } from "node:events";
import { createGateway, type Gateway } from "../../infra/balancer/gateway.ts";
import type { RuleTable } from "../../infra/balancer/rules.ts";
import type { World } from "../../infra/local/world.ts";

/** The gateway of a world, which can be started anew: as a process that dies and comes back at the same address. */
export interface RestartableGateway extends Pick<Gateway, "setRules"> {
  restart(): Promise<void>;
  /** Sends a share of a service's requests to one more task of it. */
  addTarget(service: string, url: string): void;
  close(): Promise<void>;
}

export function restartableGateway({ url, gateway, addresses }: World): RestartableGateway {
  const targets = Object.fromEntries(Object.entries(addresses).map(([name, { url }]) => [name, [new URL(url)]]));
  let current = gateway;
  let rules: RuleTable | undefined;
  const end = async () => {
    const closed = current.close();
    current.server.closeAllConnections();
    await closed;
  };
  return {
    setRules(table) {
      rules = table;
      current.setRules(table);
    },
    async restart() {
      if (!rules) throw new Error("no rules have been set yet");
      await end();
      current = createGateway({ rules, targets });
      current.server.listen(Number(new URL(url).port), "127.0.0.1");
      await once(current.server, "listening");
    },
    addTarget(service, url) {
      targets[service] = [...(targets[service] ?? []), new URL(url)];
      current.setTargets(targets);
    },
    close: end,
  };
}
