import * as z from "zod";
import { forum } from "../../forum.ts";
import { readConfig } from "../../../services/chassis/src/config.ts";
import type { DatabaseAccount } from "./databases.ts";

/** What RDS keeps in the secret of the server's administrator: JSON. A mistake in it is told without quoting it. */
export const administrator = z.string().transform((text, context) => {
  try {
    return z.object({ username: z.string(), password: z.string() }).parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: "custom", message: "must be JSON with username and password" });
    return z.NEVER;
  }
});

/** Where a database is. */
export const databaseUrl = z.string().refine((text) => URL.canParse(text), "must be a URL");

/**
 * The administrator's address of the server and the accounts to make, out of the environment of a task on ECS: the secret
 * of the administrator is `DATABASE_ADMIN`, the address of a service's database is `NAME_DATABASE_URL`, of which those
 * that are not deployed have none.
 * @throws ConfigError when something is missing; it does not quote values
 */
export function databaseAccounts(environment: Record<string, string | undefined> = process.env): {
  adminUrl: string;
  accounts: DatabaseAccount[];
} {
  const variable = (name: string) => `${name.toUpperCase()}_DATABASE_URL`;
  const services = forum.services.filter(({ name }) => environment[variable(name)]);
  const shape = Object.fromEntries(services.map(({ name }) => [variable(name), databaseUrl]));
  const { DATABASE_ADMIN } = readConfig({ DATABASE_ADMIN: administrator }, environment);
  const urls: Record<string, string> = readConfig(shape, environment);

  const addresses = services.map(({ name, database }) => ({ database, address: new URL(urls[variable(name)]!) }));
  const { username, password } = DATABASE_ADMIN;
  const adminUrl = new URL(addresses[0]?.address ?? "postgres://localhost");
  Object.assign(adminUrl, { username, password: encodeURIComponent(password), pathname: "/postgres" });
  return {
    adminUrl: adminUrl.href,
    accounts: addresses.map(({ database, address }) => ({
      name: database,
      password: decodeURIComponent(address.password),
    })),
  };
}
