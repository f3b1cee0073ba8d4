/** The forum of `npm start` on this machine: its databases are reached from here. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { request } from "undici";
import { forum } from "../../forum.ts";
import type { Running } from "../../local/control.ts";
import type { Secrets } from "../../tasks/src/secrets.ts";
import { UserError } from "../../terminal/user-error.ts";
import type { Addresses } from "../context.ts";
import type { MovingModule } from "../module.ts";
import { runStep } from "../steps/steps.ts";
import { watchHere } from "../watch-here.ts";
import type { Target } from "./target.ts";

/** The running `npm start` of a data folder. @throws UserError when there is none */
export async function localTarget(folder: string): Promise<Target> {
  const read = async <T>(file: string): Promise<T> => {
    const text = await readFile(path.join(folder, file), "utf8").catch(() => undefined);
    if (text !== undefined) return JSON.parse(text) as T;
    throw new UserError("The forum is not running here. Start it: npm start -- --owner monolith");
  };
  const running = await read<Running>("running.json");
  const secrets = await read<Secrets>("secrets.json");
  const databases = await read<Record<string, string>>("databases.json");

  const administrator = (database: string) => {
    const url = new URL(databases[database]!);
    Object.assign(url, { username: "postgres", password: encodeURIComponent(secrets.databasePassword) });
    return { url: url.href };
  };
  const addressesOf = ({ name, databases }: MovingModule): Addresses => ({
    databases: { monolith: administrator(databases.monolith), service: administrator(databases.service) },
    urls: { monolith: running.services[forum.defaultService]!.url, service: running.services[name]!.url },
  });
  const control = async <T>(method: "GET" | "PUT", address: string, body?: object): Promise<T> => {
    const answer = await request(running.control + address, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    }).catch(() => {
      throw new UserError("`npm start` does not answer: is it still running?");
    });
    if (answer.statusCode !== 200) throw new Error(`the gateway answered ${answer.statusCode} to ${method} ${address}`);
    return (await answer.body.json()) as T;
  };

  return {
    name: "local",
    step: (name, module, options, report) => runStep(name, addressesOf(module), module, options, report),
    weights: () => control("GET", "/weights"),
    shift: (module, percent) => control("PUT", `/weights/${module.name}`, { percent }),
    watch: (modules, report, signal) =>
      watchHere(
        {
          watched: modules.map((module) => ({ module, addresses: addressesOf(module) })),
          monolith: forum.defaultService,
          figures: (service) => [running.services[service]!.metrics],
        },
        report,
        signal,
      ),
    close: async () => {},
  };
}
