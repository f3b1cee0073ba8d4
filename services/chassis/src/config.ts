import { readFileSync } from "node:fs";
import * as z from "zod";

/** A mistake in the environment: said to people, without a stack. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^[0-9]{1,9}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);

const url = (...protocols: string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    message: `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`,
  });

/** Kinds of values for a service's own variables. */
export const kinds = {
  integer,
  httpUrl: url("http:", "https:"),
  secret: z.string().min(32, "must have at least 32 characters"),
};

/** What every service reads from its environment. */
export const commonConfig = {
  HOST: z.string().default("0.0.0.0"),
  PORT: integer(0, 65_535).default(3000),
  METRICS_PORT: integer(0, 65_535).default(9464),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  DATABASE_URL: url("postgres:", "postgresql:"),
  /** Connections a task holds at most. */
  DATABASE_POOL_SIZE: integer(1, 100).default(10),
  /** Milliseconds after which PostgreSQL gives up on a statement. */
  DATABASE_STATEMENT_TIMEOUT: integer(10, 600_000).default(5000),
  /** Milliseconds to wait for a free connection. */
  DATABASE_CONNECT_TIMEOUT: integer(10, 60_000).default(2000),
  /** Whether to migrate before listening; the deployer does it in a task of its own. */
  MIGRATE_ON_START: z
    .enum(["true", "false"])
    .default("true")
    .transform((value) => value === "true"),
  /** Balancers in front whose `X-Forwarded-For` entry is believed. */
  TRUSTED_PROXIES: integer(0, 9).default(0),
  /** Requests that are answered at a time, reads and writes counted apart; further ones get 503. */
  MAX_REQUESTS: integer(1, 100_000).default(256),
  /** Milliseconds for which a client may neither send nor read while it is its turn. */
  SILENCE_TIMEOUT: integer(10, 600_000).default(30_000),
  /** Milliseconds between SIGTERM and the end of listening, in which the balancer learns of it. */
  DRAIN_DELAY: integer(0, 60_000).default(3000),
  /** Milliseconds that requests under way have left after that. */
  DRAIN_TIMEOUT: integer(0, 600_000).default(20_000),
};

/**
 * Reads typed values from the environment. A variable may also be given as `NAME_FILE`, the path of a file with the
 * value (as Docker mounts secrets); an empty one counts as not given.
 * @throws ConfigError that lists every mistake, without the values: they may be secrets.
 */
export function readConfig<Shape extends z.ZodRawShape>(
  shape: Shape,
  environment: Record<string, string | undefined> = process.env,
): z.output<z.ZodObject<Shape>> {
  const values: Record<string, string> = {};
  const mistakes: string[] = [];
  for (const name of Object.keys(shape)) {
    const file = environment[`${name}_FILE`];
    try {
      const value = file ? readFileSync(file, "utf8").trim() : environment[name];
      if (value) values[name] = value;
    } catch (error) {
      mistakes.push(`${name}_FILE: ${(error as Error).message}`);
      // Only the file is wrong: without this, the same variable would be named a second time as missing.
      values[name] = "";
    }
  }
  const result = z.object(shape).safeParse(values);
  for (const issue of result.success ? [] : result.error.issues) {
    const name = String(issue.path[0]);
    if (mistakes.some((mistake) => mistake.startsWith(`${name}_FILE:`))) continue;
    mistakes.push(`${name}: ${name in values ? issue.message : "is not set"}`);
  }
  if (!result.success || mistakes.length > 0) {
    throw new ConfigError(`The environment is not complete:\n${mistakes.map((mistake) => `  ${mistake}`).join("\n")}`);
  }
  return result.data;
}
