import { serviceNamed, type Service } from "../forum.ts";
import type { Secrets } from "../tasks/src/secrets.ts";

export interface Surroundings {
  secrets: Pick<Secrets, "peerSecret" | "tokenKeys" | "moderatorPassword">;
  databaseUrl: (database: string) => string;
  /** Address at which other services reach one. */
  serviceUrl: (service: Service) => string;
  /** Balancers in front. */
  trustedProxies: number;
}

/** The environment of a service, as the table says what it needs; ports and times are left to the caller. */
export function serviceEnvironment(service: Service, around: Surroundings): Record<string, string> {
  const peers = service.calls.map((name) => [`${name.toUpperCase()}_URL`, around.serviceUrl(serviceNamed(name))]);
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
