import { serviceNamed, type Service } from "../forum.ts";
import type { Secrets } from "../tasks/src/secrets.ts";

export interface Surroundings {
  secrets: Pick<Secrets, "peerSecret" | "tokenKeys" | "moderatorPassword">;
  databaseUrl: (database: string) => string;
  /** Address at which other services reach one; undefined when it is not there. */
  serviceUrl: (service: Service) => string | undefined;
  /** Balancers in front. */
  trustedProxies: number;
}

/** The environment of a service, as the table says what it needs; ports and times are left to the caller. */
export function serviceEnvironment(service: Service, around: Surroundings): Record<string, string> {
  const peers = service.calls.flatMap((name) => {
    const url = around.serviceUrl(serviceNamed(name));
    return url === undefined ? [] : [[`${name.toUpperCase()}_URL`, url]];
  });
  return {
    DATABASE_URL: around.databaseUrl(service.database),
    TRUSTED_PROXIES: String(around.trustedProxies),
    ...Object.fromEntries(peers),
    ...(service.calls.length > 0 && { PEER_SECRET: around.secrets.peerSecret }),
    ...(service.signsTokens && {
      TOKEN_KEYS: around.secrets.tokenKeys,
      MODERATOR_PASSWORD: around.secrets.moderatorPassword,
    }),
  };
}
