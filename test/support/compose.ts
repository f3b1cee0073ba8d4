import { execa, ExecaError } from "execa";
import { root } from "../../infra/folders.ts";

/** A composition of its own beside others on this machine: docker-compose.yml, and further files over it. */
export interface ComposeProject {
  readonly name: string;
  /** Runs `docker compose ARGS…` and gives what it prints. @throws Error with the last lines of its output */
  run(...args: string[]): Promise<string>;
  /** Stops it and removes its volumes. */
  remove(): Promise<void>;
}

/** @param variables its environment, over this process's own */
export const composeProject = (name: string, variables: Record<string, string>, ...further: string[]): ComposeProject =>
  composeProjectOf(name, ["docker-compose.yml", ...further], variables);

/** The same of other files. */
export function composeProjectOf(
  name: string,
  paths: string[],
  variables: Record<string, string> = {},
): ComposeProject {
  const project = `${name}-${process.pid}`;
  const files = paths.flatMap((file) => ["--file", file]);
  const run = async (...args: string[]) => {
    try {
      const all = ["compose", "--project-name", project, ...files, ...args];
      return (await execa("docker", all, { cwd: root, env: variables, stdin: "ignore" })).stdout;
    } catch (error) {
      if (!(error instanceof ExecaError)) throw error;
      const lines = `${error.stdout}\n${error.stderr}`.trimEnd().split("\n").slice(-30).join("\n");
      throw new Error(`docker compose ${args.join(" ")} failed:\n${lines}`, { cause: error });
    }
  };
  return {
    name: project,
    run,
    async remove() {
      await run("down", "--volumes", "--timeout", "5");
    },
  };
}
