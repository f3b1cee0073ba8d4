import { readFile } from "node:fs/promises";
import { commonConfig, readConfig } from "../../../services/chassis/src/config.ts";
import { UserError } from "../../terminal/user-error.ts";

/** Addresses of the databases of the three modules; in the monolith all three are the same. */
export type DatabaseUrls = Record<"users" | "threads" | "posts", string>;

/** The two shapes of the forum, and the variables with the addresses of their databases. */
const variables = {
  monolith: { users: "MONOLITH_DATABASE_URL", threads: "MONOLITH_DATABASE_URL", posts: "MONOLITH_DATABASE_URL" },
  services: { users: "USERS_DATABASE_URL", threads: "THREADS_DATABASE_URL", posts: "POSTS_DATABASE_URL" },
} as const;

export type Shape = keyof typeof variables;
export const shapes = Object.keys(variables) as Shape[];

/** Where `npm start` writes the addresses of its databases, by name. */
const STARTED = new URL("../../../.data/databases.json", import.meta.url);

/**
 * The addresses out of the environment or, where it has none, those of the forum that `npm start` runs.
 * @throws ConfigError that lists every mistake in the environment
 * @throws UserError when there is neither
 */
export async function databaseUrls(
  shape: Shape,
  environment: Record<string, string | undefined> = process.env,
  started = STARTED,
): Promise<DatabaseUrls> {
  const { users, threads, posts } = variables[shape];
  const names = [...new Set<string>([users, threads, posts])];
  if (names.some((name) => environment[name] || environment[`${name}_FILE`])) {
    const values = readConfig(Object.fromEntries(names.map((name) => [name, commonConfig.DATABASE_URL])), environment);
    return { users: values[users]!, threads: values[threads]!, posts: values[posts]! };
  }
  const written = await readFile(started, "utf8").catch(() => undefined);
  if (written === undefined) throw new UserError(`Run \`npm start\` first, or set ${names.join(", ")}.`);
  const urls = JSON.parse(written) as Record<string, string>;
  return shape === "monolith"
    ? { users: urls.monolith!, threads: urls.monolith!, posts: urls.monolith! }
    : { users: urls.users!, threads: urls.threads!, posts: urls.posts! };
}
