import { forum } from "../../infra/forum.ts";
import { newSecrets } from "../../infra/tasks/src/secrets.ts";
import { startWorld } from "../../infra/local/world.ts";
import { startTestPostgres } from "../support/forum.ts";
import type { Target } from "./forum.ts";

/** Both shapes of the forum on plain Node. */
export interface Forums {
  monolith: Target;
  services: Target;
  stop(): Promise<void>;
}

/**
 * Starts the monolith alone and, beside it, the services behind the gateway, on a PostgreSQL server of their own. What
 * no service answers, the second one's own monolith does; both monoliths share a database.
 * @param environment variables for every process
 */
export async function startForums(environment: Record<string, string> = {}): Promise<Forums> {
  const secrets = await newSecrets();
  const postgres = await startTestPostgres();
  const lines: string[] = [];
  const start = (services: string[]) =>
    startWorld({
      ...{ services, postgres: postgres.server, secrets, environment: { LOG_LEVEL: "warn", ...environment } },
      onLine: (service, line) => lines.push(`${service}: ${line}`),
      onExit: (child, how) =>
        console.error(`${child.service.name} has ended (${how}):\n${lines.slice(-20).join("\n")}`),
    });
  const worlds = [await start([forum.defaultService]), await start(forum.services.map(({ name }) => name))] as const;
  const target = ({ url }: { url: string }): Target => ({
    url,
    moderator: { username: "moderator", password: secrets.moderatorPassword },
    tokenKeys: secrets.tokenKeys,
  });
  return {
    monolith: target(worlds[0]),
    services: target(worlds[1]),
    async stop() {
      await Promise.all(worlds.map((world) => world.stop()));
      await postgres.remove();
    },
  };
}
