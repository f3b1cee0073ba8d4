/**
 * The table of this application: its services, where they listen, which paths they answer, how big they are,
 * what they need. The nginx configuration, the gateway of `npm start`, the listener rules of the Application Load
 * Balancer, the task definitions and the Cloud Map names are all made from it.
 *
 * To put another application in the forum's place, edit this file.
 */

/** A service: one image, one target group, one ECS service, one DNS name, one database. */
export interface Service {
  /** Name of the target group, the ECS service, the image, and the first label of the DNS name. */
  name: string;
  /** Folder with its Dockerfile, `src/main.ts` and `migrations/`. */
  folder: string;
  /** Database and role of the same name. */
  database: string;
  /**
   * ALB path patterns (`*` is any run of characters, `?` is exactly one) that the balancer sends here; none for the
   * default action. Two values, `/api/users` and `/api/users/*`: the shorter `/api/users*` would catch `/api/usersfoo`.
   */
  paths: string[];
  /** Priority of the listener rule: 1 to 50000, unique, lowest first. Bands of 100 leave room for rules in between. */
  priority?: number;
  /**
   * Services it calls, by name: each that is there becomes a variable `NAME_URL`. A service and the default service call
   * one another while a module moves between them.
   */
  calls: string[];
  /** Tables of its module, which are replicated when the module moves (infra/cutover); a foreign key's target first. */
  tables: string[];
  /**
   * What else its database has to know when it begins to follow: rows of the monolith's database, by a query that gives
   * the columns of the table in their order.
   */
  seeds?: { table: string; query: string }[];
  /** Whether it signs tokens, and so gets the private keys; the others get the address of the published ones. */
  signsTokens: boolean;
}

/** What is the same for every service. */
export interface Application {
  /** Prefix of every name in the cloud. */
  name: string;
  /** Private DNS namespace: `users.forum.local`. */
  namespace: string;
  /** TCP port on which every container serves requests. */
  port: number;
  /** TCP port on which every container serves Prometheus metrics; not reachable through the balancer. */
  metricsPort: number;
  /** Size of a task: CPU units (1024 = one vCPU) and MiB of memory. */
  task: { cpu: number; memory: number };
  /** How the balancer asks a task whether it can serve; times in seconds. */
  healthCheck: { path: string; interval: number; timeout: number; healthy: number; unhealthy: number };
  /** Seconds between SIGTERM and SIGKILL. */
  stopTimeout: number;
  /** Name of the service that answers what no rule matches. */
  defaultService: string;
  services: Service[];
}

/** Accounts whose last token may still be valid: a service that keeps no accounts must know them. */
const withdrawnAccounts = {
  table: "withdrawn_accounts",
  query: "SELECT id, deleted_at FROM users WHERE deleted_at > now() - interval '2 hours'",
};

export const forum: Application = {
  name: "forum",
  namespace: "forum.local",
  port: 3000,
  metricsPort: 9464,
  task: { cpu: 256, memory: 512 },
  healthCheck: { path: "/ready", interval: 5, timeout: 2, healthy: 2, unhealthy: 2 },
  stopTimeout: 30,
  defaultService: "monolith",
  services: [
    {
      name: "monolith",
      folder: "monolith",
      database: "monolith",
      paths: [],
      calls: ["users", "threads", "posts"],
      tables: [],
      signsTokens: true,
    },
    {
      name: "users",
      folder: "services/users",
      database: "users",
      paths: ["/api/users", "/api/users/*"],
      priority: 100,
      calls: ["threads", "posts", "monolith"],
      tables: ["users"],
      signsTokens: true,
    },
    {
      name: "threads",
      folder: "services/threads",
      database: "threads",
      paths: ["/api/threads", "/api/threads/*"],
      priority: 200,
      calls: ["users", "posts", "monolith"],
      tables: ["threads"],
      seeds: [withdrawnAccounts],
      signsTokens: false,
    },
    {
      name: "posts",
      folder: "services/posts",
      database: "posts",
      paths: ["/api/posts", "/api/posts/*"],
      priority: 300,
      calls: ["users", "threads", "monolith"],
      tables: ["posts", "deleted_threads"],
      seeds: [withdrawnAccounts],
      signsTokens: false,
    },
  ],
};

/** The service of that name. Throws when the table has none: a mistake in this file, not of a user. */
export function serviceNamed(name: string): Service {
  const found = forum.services.find((service) => service.name === name);
  if (!found) throw new Error(`infra/forum.ts has no service "${name}"`);
  return found;
}

/** The DNS name of a service, the same on AWS (Cloud Map) and in compose (network alias). */
export const hostOf = (service: Service): string => `${service.name}.${forum.namespace}`;
