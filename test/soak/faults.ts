/** What comes upon the forum; each fault is over, and mended, when its promise resolves. */
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { World } from "../../infra/local/world.ts";
import type { Random } from "../cutover/random.ts";
import type { TestPostgres } from "../support/forum.ts";

export interface Soaked {
  world: World;
  postgres: TestPostgres;
  services: readonly string[];
}

export type Fault = (forum: Soaked, random: Random) => Promise<string>;

/** Clients that connect and send half a request: more than are answered at a time. */
const SILENT = 300;
/** Milliseconds. */
const FROZEN = 2000;
const AWAY = 1000;

export const faults: readonly Fault[] = [
  async function killed({ world, services }, random) {
    const name = random.pick(services)!;
    await world.children.get(name)!.kill();
    await sleep(AWAY);
    await world.start(name);
    return `${name} killed and started again`;
  },
  async function ended({ world, services }, random) {
    const name = random.pick(services)!;
    await world.children.get(name)!.stop();
    await world.start(name);
    return `${name} ended by SIGTERM and started again`;
  },
  async function frozen({ world, services }, random) {
    const name = random.pick(services)!;
    const { pid } = world.children.get(name)!;
    process.kill(pid, "SIGSTOP");
    await sleep(FROZEN);
    process.kill(pid, "SIGCONT");
    return `${name} frozen for ${FROZEN / 1000} s`;
  },
  async function databaseAway({ postgres }, random) {
    const mode = random.pick(["fast", "immediate"] as const)!;
    await postgres.stop(mode);
    await sleep(AWAY);
    await postgres.start();
    return `PostgreSQL stopped (${mode}) and started again`;
  },
  async function silentClients({ world, services }, random) {
    const name = random.pick(services)!;
    const { hostname, port } = new URL(world.addresses[name]!.url);
    const sockets = Array.from({ length: SILENT }, () => connect(Number(port), hostname).on("error", () => {}));
    for (const socket of sockets)
      socket.write("POST /api/posts/in-thread/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n");
    await sleep(AWAY);
    for (const socket of sockets) socket.destroy();
    return `${SILENT} silent clients at ${name}`;
  },
];
