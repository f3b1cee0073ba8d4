/** An environment: one copy of the application in one region of one account, and how big it is. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { SIDES } from "../../services/chassis/src/ownership/standing.ts";
import { UserError } from "../terminal/user-error.ts";

/** Where the files of the environments are, `NAME.json`; an environment may do without one. */
export const folder = path.join(import.meta.dirname, "environments");

const size = z.strictObject({
  /** CPU units: 1024 are one vCPU. */
  cpu: z.int().optional(),
  /** MiB. */
  memory: z.int().optional(),
  /** Tasks at least and at most; between them, the load decides. */
  minimum: z.int().optional(),
  maximum: z.int().optional(),
});

const givenNetwork = z.strictObject({
  vpc: z.string(),
  publicSubnets: z.array(z.string()),
  /** Where the tasks run; without it, in the public subnets. They must reach ECR, CloudWatch Logs and Secrets Manager. */
  taskSubnets: z.array(z.string()).optional(),
  databaseSubnets: z.array(z.string()),
});

const schema = z.strictObject({
  name: z.string().default("dev"),
  region: z.string().default("us-east-1"),
  /** Only deploy into this account; without it, into that of the credentials. */
  account: z
    .string()
    .regex(/^\d{12}$/, "must be the 12 digits of an account")
    .optional(),
  /** Only the monolith behind the balancer, or also the services with their rules. */
  stage: z.enum(["monolith", "microservices"]).default("microservices"),
  /**
   * Who owns a service's module, and gets its requests, when the service is new: the monolith, from which
   * `npm run cutover` then moves it; or the service itself, which then begins empty.
   */
  firstOwner: z.enum(SIDES).default("monolith"),
  /**
   * `own`: a VPC with public subnets, no NAT. `private`: as well, but the tasks have no public address and reach AWS through
   * VPC endpoints. Or the ids of what is there already.
   */
  network: z.union([z.enum(["own", "private"]), givenNetwork]).default("own"),
  /** Addresses of an own VPC: a /16. */
  cidr: z.string().default("10.42.0.0/16"),
  /** The two zones of an own VPC; by default the first two of the region. */
  zones: z.array(z.string()).optional(),
  /** ARN of a certificate of ACM, for HTTPS; HTTP then only redirects. */
  certificate: z.string().optional(),
  architecture: z.enum(["X86_64", "ARM64"]).default("X86_64"),
  /** Share of the tasks beyond the first that run on Fargate Spot: 0 to 1. */
  spot: z.number().min(0).max(1).default(0),
  /** Whether `exec` may open a program in a running task. */
  exec: z.boolean().default(false),
  logRetentionDays: z.int().default(30),
  /** ARNs of SNS topics that alarms notify. */
  alarmTopics: z.array(z.string()).default([]),
  database: z
    .strictObject({
      engineVersion: z.string().default("17.5"),
      /**
       * Aurora capacity units, about 2 GiB each. With 0 the server pauses when nobody has been connected for five minutes:
       * never while tasks run, for these keep connections, and never with logical replication.
       */
      minimum: z.number().default(0),
      maximum: z.number().default(4),
      /**
       * Needed to move modules. Aurora does not pause while it is on, so an environment that is to cost nothing at night
       * turns it off when all modules have moved. A change holds from the server's next start: aws rds reboot-db-instance.
       */
      logicalReplication: z.boolean().default(true),
      backupDays: z.int().default(7),
      deletionProtection: z.boolean().default(false),
    })
    .prefault({}),
  /** What differs from infra/forum.ts, for all services and for some. */
  tasks: size.default({}),
  services: z.record(z.string(), size).default({}),
  /** Digests of images that are in ECR already, by service; the others are built. */
  images: z.record(z.string(), z.string()).default({}),
});

export type Environment = z.output<typeof schema>;
export type Size = z.output<typeof size>;
export type GivenNetwork = z.output<typeof givenNetwork>;

/**
 * An environment out of what its file and the command line say; the latter counts more.
 * @throws UserError that lists every mistake
 */
export function environmentOf(fromFile: object, options: object = {}, source = "the environment"): Environment {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const result = schema.safeParse({ ...fromFile, ...given });
  if (result.success) return result.data;
  const mistakes = result.error.issues.map(({ path, message }) => `  ${path.join(".") || "file"}: ${message}`);
  throw new UserError(`These settings of ${source} cannot be used:\n${mistakes.join("\n")}`);
}

/**
 * Reads `environments/NAME.json`, if it is there.
 * @param options settings that count more than the file
 * @param defaults settings that count less
 * @throws UserError when the file is no JSON object or has mistakes
 */
export async function readEnvironment(
  name: string,
  options: object = {},
  defaults: object = {},
  from = folder,
): Promise<Environment> {
  const file = path.join(from, `${name}.json`);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw error;
  });
  return environmentOf({ ...defaults, name, ...parse(text, file) }, options, path.basename(file));
}

function parse(text: string, file: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
    throw new SyntaxError("it is no object");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError(`${file} cannot be read as JSON: ${error.message}`);
  }
}
