/** Where both sides of a module are for a task beside them: names of DNS, and databases out of the environment. */
import { lookup } from "node:dns/promises";
import { readConfig } from "../../../services/chassis/src/config.ts";
import type { Addresses } from "../../cutover/context.ts";
import type { MovingModule } from "../../cutover/module.ts";
import { forum, hostOf, serviceNamed } from "../../forum.ts";
import { administrator, databaseUrl } from "./database-accounts.ts";

/**
 * Both homes of a module: addresses of databases by `NAME_DATABASE_URL`, for the administrator in `DATABASE_ADMIN`.
 * @throws ConfigError when something is missing; it does not quote values
 */
export function addressesOf({ name, databases }: MovingModule): Addresses {
  const { DATABASE_ADMIN } = readConfig({ DATABASE_ADMIN: administrator });
  const { username, password } = DATABASE_ADMIN;
  const addressOf = (database: string) => {
    const variable = `${database.toUpperCase()}_DATABASE_URL`;
    const url = new URL(String(readConfig({ [variable]: databaseUrl })[variable]));
    return { url: Object.assign(url, { username, password: encodeURIComponent(password) }).href };
  };
  const urlOf = (service: string) => `http://${hostOf(serviceNamed(service))}:${forum.port}`;
  return {
    databases: { monolith: addressOf(databases.monolith), service: addressOf(databases.service) },
    urls: { monolith: urlOf(forum.defaultService), service: urlOf(name) },
  };
}

/** Where each task of a service tells its figures. */
export async function figuresOf(name: string): Promise<string[]> {
  const tasks = await lookup(hostOf(serviceNamed(name)), { all: true, family: 4 }).catch(() => []);
  return tasks.map(({ address }) => `http://${address}:${forum.metricsPort}`);
}
