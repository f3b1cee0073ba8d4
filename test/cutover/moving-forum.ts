import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after } from "node:test";
import { startControl, type Running } from "../../infra/local/control.ts";
import { forum as table } from "../../infra/forum.ts";
import type { Side } from "../../services/chassis/src/ownership/standing.ts";
import { move } from "../../infra/cutover/move.ts";
import { modules, type MovingModule } from "../../infra/cutover/module.ts";
import type { HandoverEvent } from "../../infra/cutover/events.ts";
import { localTarget } from "../../infra/cutover/targets/local.ts";
import type { Target } from "../../infra/cutover/targets/target.ts";
import type { Member } from "../support/client.ts";
import { startForum, type TestForum } from "../support/forum.ts";
import type { Module } from "./history.ts";
import { restartableGateway, type RestartableGateway } from "./restartable-gateway.ts";

/** A forum whose modules can be moved, and what the tool needs to know of it. */
export interface MovingForum extends TestForum {
  moderator: { username: string; password: string };
  /** Who has used it so far. */
  people: Member[];
  target: Target;
  gateway: RestartableGateway;
  /** The folder that the tool's option `--data` names. */
  data: string;
  /** Moves a module in this process, and gives the milliseconds for which writers had to wait. */
  move(module: Module, to: Side): Promise<number>;
}

/** The module of the table of that name. */
export const moduleNamed = (name: Module): MovingModule => modules.find((module) => module.name === name)!;

/**
 * Starts the monolith, which owns everything, and all services behind the gateway, with what `npm start` offers to the
 * tool. All of it is gone after the tests of the file.
 * @param databasePort where the tool reaches the databases, if not directly
 */
export async function startMovingForum(databasePort?: (port: number) => Promise<number>): Promise<MovingForum> {
  const names = table.services.map(({ name }) => name);
  // Logins are part of the load, all of them from one address.
  const environment = { FIRST_OWNER: "monolith", LOGIN_FAILURES_PER_ADDRESS: "100000", LOG_LEVEL: "warn" };
  const forum = await startForum(names, environment);
  const data = await mkdtemp(path.join(tmpdir(), "cutover-"));
  const { world, postgres, secrets } = forum;
  const first = Object.fromEntries(names.map((name) => [name, 0]));
  const gateway = restartableGateway(world);
  const control = await startControl({ gateway, services: names, folder: data, first });
  after(async () => {
    control.close();
    await gateway.close();
    await rm(data, { recursive: true, force: true });
  });

  const port = (await databasePort?.(postgres.server.port)) ?? postgres.server.port;
  const addressOf = (database: string) => {
    const url = new URL(postgres.url(database));
    url.port = String(port);
    return url.href;
  };
  const write = (name: string, value: unknown) => writeFile(path.join(data, name), JSON.stringify(value));
  const running: Running = {
    ...{ pid: process.pid, url: world.url, control: control.url },
    services: world.addresses,
  };
  await write("running.json", running);
  await write("secrets.json", { ...secrets, databasePassword: new URL(postgres.url("monolith")).password });
  await write(
    "databases.json",
    Object.fromEntries(table.services.map(({ database }) => [database, addressOf(database)])),
  );

  const target = await localTarget(data);
  return {
    ...forum,
    moderator: { username: "moderator", password: secrets.moderatorPassword },
    people: [],
    gateway,
    target,
    data,
    async move(name, to) {
      const handovers: HandoverEvent[] = [];
      const report = (event: { type: string }) =>
        event.type === "handover" ? void handovers.push(event as HandoverEvent) : undefined;
      await move({ target, module: moduleNamed(name), to, report });
      return Math.max(0, ...handovers.map(({ stall }) => stall));
    },
  };
}
