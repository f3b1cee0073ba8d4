/** The forum of `docker compose up`: nothing but docker reaches its databases, so steps run in a container beside them. */
import { execa } from "execa";
import { weightBlocks, parseWeights } from "../../balancer/nginx-weights.ts";
import { listenerRules } from "../../balancer/rules.ts";
import { root } from "../../folders.ts";
import { forum, serviceNamed } from "../../forum.ts";
import { UserError } from "../../terminal/user-error.ts";
import { modules, type MovingModule } from "../module.ts";
import type { StepResults } from "../steps/steps.ts";
import { reason, taskServer } from "./task-server.ts";
import type { Target } from "./target.ts";

export interface ComposeOptions {
  /** Name of the composition; unless given, what compose takes itself: COMPOSE_PROJECT_NAME, or `forum`. */
  project?: string | undefined;
}

const START = "Start it: FIRST_OWNER=monolith docker compose up --build --wait";

/** @throws UserError when no such composition runs, or without docker */
export async function composeTarget({ project }: ComposeOptions = {}): Promise<Target> {
  const compose = ["compose", "--progress", "quiet", ...(project === undefined ? [] : ["--project-name", project])];
  const docker = execa({ cwd: root, reject: false, stdin: "ignore" });

  const balancer = await docker("docker", [...compose, "ps", "--quiet", "alb"]);
  if (balancer.failed) throw new UserError(`docker compose does not work here: ${reason(balancer)}`);
  if (balancer.stdout === "") throw new UserError(`The forum does not run in containers here. ${START}`);

  const weights = async (...args: string[]) => {
    const [command, input = ""] = [["exec", "--no-TTY", "alb", "weights", ...args.slice(0, 2)], args[2]];
    const said = await execa("docker", [...compose, ...command], { cwd: root, reject: false, input });
    if (said.failed) throw new UserError(`The balancer does not take weights: ${reason(said)}`);
    return parseWeights(said.stdout);
  };

  const tasks = taskServer(
    ["docker", ...compose, "run", "--rm", "--no-deps", "--no-TTY", "cutover", "cutover", "serve"],
    root,
  );

  return {
    name: "compose",
    async step(name, module, { to }, report) {
      return (await tasks.ask([name, module.name, ...(to ? ["--to", to] : [])], report)) as StepResults[typeof name];
    },
    async weights() {
      const byPriority = await weights();
      const percentOf = ({ name }: MovingModule) => {
        const groups = byPriority[serviceNamed(name).priority!] ?? {};
        const total = Object.values(groups).reduce((sum, weight) => sum + weight, 0);
        return total === 0 ? 0 : Math.round((100 * (groups[name] ?? 0)) / total);
      };
      return Object.fromEntries(modules.map((module) => [module.name, percentOf(module)]));
    },
    async shift({ name }, percent) {
      const shares = { [name]: { [name]: percent, [forum.defaultService]: 100 - percent } };
      const [rule] = listenerRules(forum, { services: [name], weights: shares }).rules;
      await weights("set", String(rule!.priority), weightBlocks(rule!).join("\n"));
    },
    async watch(watched, report, signal) {
      await tasks.ask(["watch", watched.length === 1 ? watched[0]!.name : "all"], report, signal);
    },
    close: () => tasks.close(),
  };
}
