/**
 * Prints what the balancer is configured with:
 *
 *     node infra/balancer/main.ts nginx                        the nginx configuration
 *     node infra/balancer/main.ts rules                        the listener rules, as JSON
 *     node infra/balancer/main.ts weights                      for a running nginx: the rules whose weights are given;
 *                                                              with --stage monolith all of them, to the monolith
 *
 * Options: --stage monolith (only the default action) or microservices (every service has its rule, the default);
 * --services users,posts (only these have one); --weights posts=posts:25,monolith:75 (for the rule of posts; repeatable).
 */
import { parseArgs } from "node:util";
import { forum, hostOf, serviceNamed } from "../forum.ts";
import { assertAcceptable } from "./limits.ts";
import { nginxConfiguration } from "./nginx.ts";
import { weightBlocks } from "./nginx-weights.ts";
import { listenerRules, type ListenerRuleOptions, type RuleTable } from "./rules.ts";

const usage = `Usage: node infra/balancer/main.ts nginx|rules|weights
  --stage monolith|microservices      which services have a rule: none, or all of them (default)
  --services NAME,…                   only these have one
  --weights RULE=GROUP:WEIGHT,…       share the requests of a rule between target groups; repeatable`;

const outputs: Record<string, (table: RuleTable, options: ListenerRuleOptions) => string> = {
  nginx: (table) =>
    nginxConfiguration(table, {
      // infra/balancer/registrar, beside nginx in its container.
      resolver: "127.0.0.1:5353",
      addresses: Object.fromEntries(
        forum.services.map((service) => [service.name, `${hostOf(service)}:${forum.port}`]),
      ),
    }),
  rules: (table) => {
    assertAcceptable(table);
    return `${JSON.stringify(table, undefined, 2)}\n`;
  },
  weights: (table, { weights = {} }) => {
    assertAcceptable(table);
    const priorities = Object.keys(weights).map((name) => serviceNamed(name).priority);
    const rules = table.rules.filter(({ priority }) => priorities.includes(priority));
    return `${rules.flatMap(weightBlocks).join("\n")}\n`;
  },
};

/** The output for the arguments of a command line. Throws an `Error` with a message for the user. */
export function output(args: string[]): string {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      stage: { type: "string", default: "microservices" },
      services: { type: "string" },
      weights: { type: "string", multiple: true, default: [] },
    },
  });
  const print = outputs[positionals[0] ?? ""];
  if (!print || positionals.length > 1) throw new Error(usage);
  if (!["monolith", "microservices"].includes(values.stage))
    throw new Error(`There is no stage "${values.stage}".\n${usage}`);
  const options: ListenerRuleOptions = { weights: Object.fromEntries(values.weights.map(parseWeights)) };
  if (positionals[0] === "weights" && values.stage === "monolith") options.weights = everythingToDefault();
  else if (values.services !== undefined) options.services = values.services.split(",");
  else if (values.stage === "monolith") options.services = [];
  return print(listenerRules(forum, options), options);
}

/** Every service has its rule, and every rule forwards to the monolith: how a move begins. */
const everythingToDefault = (): NonNullable<ListenerRuleOptions["weights"]> =>
  Object.fromEntries(
    forum.services
      .filter(({ paths }) => paths.length > 0)
      .map(({ name }) => [name, { [name]: 0, [forum.defaultService]: 100 }]),
  );

/** Reads `posts=posts:25,monolith:75`. */
function parseWeights(text: string): [string, Record<string, number>] {
  const [, rule = "", groups = ""] = /^([^=]+)=((?:[^:,]+:\d+(?:,|$))+)$/.exec(text) ?? [];
  if (!rule) throw new Error(`--weights "${text}" does not look like posts=posts:25,monolith:75`);
  const pairs = groups.split(",").map((group) => group.split(":"));
  return [rule, Object.fromEntries(pairs.map(([name, weight]) => [name, Number(weight)]))];
}

if (import.meta.main) {
  try {
    process.stdout.write(output(process.argv.slice(2)));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
