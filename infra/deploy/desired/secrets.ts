import type { Service } from "../../forum.ts";
import { ref } from "../reference.ts";
import type { Resource } from "../resource.ts";
import { nameOf, refTo, resource, type Blueprint } from "./blueprint.ts";
import { POSTGRES } from "./security.ts";

const generated = (what: "password" | "token-keys"): string => ref(`generated/${what}`, "Value");

/** The secrets that several services share: what the variable is called, what it is for, how it is made. */
const SHARED = {
  PEER_SECRET: { name: "peer-secret", use: "what services know one another by", value: generated("password") },
  TOKEN_KEYS: { name: "token-keys", use: "private keys that tokens are signed with", value: generated("token-keys") },
  MODERATOR_PASSWORD: { name: "moderator-password", use: "password of the moderator", value: generated("password") },
};
type Shared = keyof typeof SHARED;

const databaseUrl = ({ name }: Service): string => `${name}-database-url`;

/** Names of the shared variables that a service reads. */
const sharedBy = ({ calls, signsTokens }: Service): Shared[] => [
  ...(calls.length > 0 ? (["PEER_SECRET"] as const) : []),
  ...(signsTokens ? (["TOKEN_KEYS", "MODERATOR_PASSWORD"] as const) : []),
];

/** The secret variables of a service, and the ARN of the secret of each. */
export function secretVariables(service: Service): { name: string; valueFrom: string }[] {
  return [
    { name: "DATABASE_URL", valueFrom: databaseUrlArn(service) },
    ...sharedBy(service).map((name) => ({ name, valueFrom: refTo("secret", SHARED[name].name, "ARN") })),
  ];
}

/** ARN of the secret with the address and password of a service's database. */
export const databaseUrlArn = (service: Service): string => refTo("secret", databaseUrl(service), "ARN");

/** Every secret of the stage. Their values are made when they are created; nobody reads them but the tasks. */
export function secrets(plan: Blueprint): Resource[] {
  const host = refTo("db-cluster", "main", "Endpoint");
  const shared = new Set(plan.services.flatMap(sharedBy));
  return [
    ...plan.services.map((service) =>
      resource(plan, "secret", databaseUrl(service), {
        Name: nameOf(plan, databaseUrl(service)),
        Description: `address of the database of ${service.name}, with the password of its role`,
        // Aurora insists on TLS. Its certificate is of an authority that RDS has in each region, and that neither Node nor the
        // images know. So it is not checked: what is sent is encrypted, but only DNS and security groups of the VPC say that
        // it is Aurora who answers. To have it checked, put the region's bundle of truststore.pki.rds.amazonaws.com into the
        // images, say verify-full and sslrootcert here, and change the secrets that exist: a deploy leaves their values alone.
        SecretString: `postgres://${service.database}:${generated("password")}@${host}:${POSTGRES}/${service.database}?sslmode=no-verify`,
      }),
    ),
    ...[...shared].map((variable) =>
      resource(plan, "secret", SHARED[variable].name, {
        Name: nameOf(plan, SHARED[variable].name),
        Description: SHARED[variable].use,
        SecretString: SHARED[variable].value,
      }),
    ),
  ];
}
