/** The demo's forum in containers: a composition of its own, beside others on this machine. */
import { execa, type Options } from "execa";
import { root } from "../../folders.ts";
import { freePort } from "../../local/postgres.ts";
import { setup } from "../../local/setup/setup.ts";
import { UserError } from "../../terminal/user-error.ts";
import { composeTarget } from "../targets/compose.ts";
import type { DemoForum, DemoWorld } from "./forum.ts";

export interface ComposeWorldOptions {
  /** Name of the composition. One of that name that is there is removed first. */
  project: string;
  /** Of the balancer on this machine; any free one unless given. */
  port?: number | undefined;
}

export function onCompose({ project, port }: ComposeWorldOptions): DemoWorld {
  const environment: Record<string, string> = { FIRST_OWNER: "monolith" };
  const stopping = new AbortController();
  const compose = async (args: string[], options: Options = {}) => {
    // In a group of its own: Ctrl-C in the terminal is for the demo alone, which then stops everything in order.
    const settings = {
      cwd: root,
      env: environment,
      detached: true,
      stdin: "ignore",
      reject: false,
      ...options,
    } as const;
    const { failed, stderr } = await execa("docker", ["compose", "--project-name", project, ...args], settings);
    if (!failed) return;
    const why = typeof stderr === "string" ? `:\n${stderr.trim().split("\n").slice(-20).join("\n")}` : "";
    throw new UserError(`docker compose ${args[0]} failed${why}`);
  };
  let upping: Promise<void> | undefined;
  const remove = async () => {
    await removeTasks(project);
    await compose(["--profile", "*", "down", "--volumes", "--remove-orphans", "--timeout", "5"]);
  };

  return {
    name: "containers",
    async start(signal): Promise<DemoForum> {
      await setup().catch((error: unknown) => {
        if (!(error instanceof UserError)) throw error;
        throw new UserError(`${error.message}\nWithout Docker: npm run demo -- --local`);
      });
      await remove();
      environment["FORUM_PORT"] = String(port ?? (await freePort()));
      const stderr = process.stderr.isTTY ? "inherit" : "pipe";
      const cancelSignal = AbortSignal.any([signal, stopping.signal]);
      upping = compose(["up", "--build", "--wait"], { stdout: "ignore", stderr, cancelSignal });
      await upping;
      const target = await composeTarget({ project });
      const psql = ["exec", "--no-TTY", "postgres", "psql", "--username", "postgres", "--dbname", "monolith"];
      return {
        url: `http://127.0.0.1:${environment["FORUM_PORT"]}`,
        target,
        query: (sql) => compose([...psql, "--quiet", "--set", "ON_ERROR_STOP=1", "--command", sql]),
        stopCommand: `docker compose --project-name ${project} down --volumes`,
      };
    },
    async stop() {
      stopping.abort();
      // Nothing may be added to what is being removed.
      await upping?.catch(() => {});
      await remove();
    },
  };
}

/** Compose leaves the containers of `run` alone, and what they use. */
async function removeTasks(project: string): Promise<void> {
  const labels = [`com.docker.compose.project=${project}`, "com.docker.compose.oneoff=True"];
  const filters = labels.flatMap((label) => ["--filter", `label=${label}`]);
  const { stdout } = await execa("docker", ["ps", "--all", "--quiet", ...filters], { reject: false });
  if (stdout) await execa("docker", ["rm", "--force", ...stdout.split("\n")], { reject: false, detached: true });
}
