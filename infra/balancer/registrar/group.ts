/** A target group: who is registered, and how each target does. */
import { resolve4 } from "node:dns/promises";
import type { Application } from "../../forum.ts";
import { checked, inService, newTarget, type Finding, type Target } from "./health.ts";

export interface TargetGroup {
  /** Registers the tasks that DNS has, and takes out those that are gone or about to go: as ECS does. */
  register(): Promise<void>;
  /** One health check of every target: as the load balancer does. */
  check(): Promise<void>;
  /** Addresses that get requests. */
  inService(): string[];
}

type Options = Pick<Application, "healthCheck" | "port"> & { host: string; say: (text: string) => void };

export function targetGroup({ host, port, healthCheck, say }: Options): TargetGroup {
  const targets = new Map<string, Target>();
  /** Tasks that are being ended: registered no more, however long DNS has them. */
  const leaving = new Set<string>();
  const ask = (address: string) => askTarget(`http://${address}:${port}${healthCheck.path}`, healthCheck.timeout);

  const note = (address: string, passed: boolean) => {
    const target = targets.get(address);
    if (!target) return;
    const after = checked(target, passed, healthCheck);
    targets.set(address, after);
    if (after.state !== target.state) say(`${host} ${address} is ${after.state}`);
  };
  return {
    async register() {
      const found = new Set(await resolve4(host).catch(() => []));
      for (const address of [...targets.keys(), ...leaving]) {
        if (found.has(address)) continue;
        if (targets.delete(address)) say(`${host} ${address} is gone`);
        leaving.delete(address);
      }
      const asked = [...found].map(async (address) => {
        const finding = await ask(address);
        if (finding === "leaving") {
          leaving.add(address);
          if (targets.delete(address)) say(`${host} ${address} is leaving`);
        } else if (!targets.has(address)) {
          // The address of a task that has ended may be given to the next one.
          leaving.delete(address);
          targets.set(address, newTarget(address));
          say(`${host} ${address} is registered`);
          note(address, finding === "passed");
        } else if (targets.get(address)?.state === "initial" && finding === "passed") {
          // The load balancer, too, looks at a new target at once.
          note(address, true);
        }
      });
      await Promise.all(asked);
    },
    async check() {
      await Promise.all([...targets.keys()].map(async (address) => note(address, (await ask(address)) === "passed")));
    },
    inService: () => inService([...targets.values()]),
  };
}

/** @param timeout seconds */
async function askTarget(url: string, timeout: number): Promise<Finding> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeout * 1000) });
    const text = await answer.text();
    if (answer.ok) return "passed";
    // What a task says that has been told to end; ECS knows it because it has told it.
    return /"traffic": *"waiting"/.test(text) ? "leaving" : "failed";
  } catch {
    return "failed";
  }
}
