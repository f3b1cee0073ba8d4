/**
 * AWS for tests: moto in a container, and what the tests do to the calls on their way.
 *
 * moto's ECS lets no task live; the plugin in `test/aws` does. Tasks start, register as targets and Cloud Map instances,
 * get healthy and complete the deployment within some 50 ms, unless a test says otherwise before they start:
 *
 *     await moto.fate({ kind: "unhealthy", task: "forum-dev-users:2", log: ["no database"] });
 *     await moto.fate({ kind: "exits", exitCode: 7, task: "migrate", of: "one-off" });
 *     await moto.tick(100); // and slower
 *
 * `reset` takes it all back.
 */
import path from "node:path";
import { GenericContainer, Wait } from "testcontainers";
import { reader, type Send } from "../../infra/deploy/ask.ts";
import { aws, type CallCount } from "../../infra/deploy/clients.ts";
import { blueprint } from "../../infra/deploy/desired/blueprint.ts";
import { environmentOf, type Environment } from "../../infra/deploy/environment.ts";
import { ownById, readAll } from "../../infra/deploy/plan/existing.ts";
import { removals } from "../../infra/deploy/plan/removal.ts";
import { run, type Outcome } from "../../infra/deploy/run/run.ts";
import { scopeOf } from "../../infra/deploy/scope.ts";
import { existingOf, planOnline } from "../../infra/deploy/session.ts";
import { forum } from "../../infra/forum.ts";
import { silent } from "./support.ts";

const IMAGE = "motoserver/moto:5.2.4";
const PORT = 5000;
/** Nothing takes time in moto. */
const PACE = 10;

const digest = `sha256:${"a".repeat(64)}`;
/** An environment whose images exist, as far as anybody can tell. */
export const deployable = (changed: object = {}): Environment => {
  const names = ["tasks", ...forum.services.map(({ name }) => name)];
  return environmentOf({ images: Object.fromEntries(names.map((name) => [name, digest])), ...changed });
};

const PLUGIN = path.join(import.meta.dirname, "../aws");

/** What becomes of tasks: `test/aws/fate.py` tells what each kind means. The latest that fits a task counts. */
export interface Fate {
  kind:
    | "healthy"
    | "unhealthy"
    | "ailing"
    | "exits"
    | "cannot-pull"
    | "exec-format"
    | "secret-missing"
    | "never-starts"
    | "never-ends";
  /** Part of the image, of the ARN of the task definition or of the command; without it, every task. */
  task?: string;
  /** Only tasks of services, or only those of RunTask. */
  of?: "service" | "one-off";
  /** Of `exits`; 1 by default. */
  exitCode?: number;
  /** Lines that the task logs as soon as it runs. */
  log?: string[];
}

export interface Moto {
  url: string;
  /** Says what becomes of tasks that start from now on. */
  fate: (fate: Fate) => Promise<void>;
  /** Sets how long a task takes from one state to the next: 5 ms unless a test wants to watch. */
  tick: (milliseconds: number) => Promise<void>;
  /** Forgets everything: what exists, and what tests have said. */
  reset: () => Promise<void>;
  stop: () => Promise<void>;
}

/** Starts moto with the plugin, and lets the SDK of this process find it. */
export async function startMoto(): Promise<Moto> {
  const container = await new GenericContainer(process.env["MOTO_IMAGE"] ?? IMAGE)
    .withExposedPorts(PORT)
    .withCopyDirectoriesToContainer([{ source: PLUGIN, target: "/plugin" }])
    .withEntrypoint(["python3", "/plugin/main.py", "-H", "0.0.0.0"])
    .withEnvironment({ MOTO_IAM_LOAD_MANAGED_POLICIES: "true" })
    .withWaitStrategy(Wait.forHttp("/moto-api/", PORT))
    .start();
  const url = `http://${container.getHost()}:${container.getMappedPort(PORT)}`;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  });
  const post = async (to: string, body: object = {}) => {
    const answer = await fetch(`${url}/moto-api/${to}`, { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`moto refuses ${to}: ${await answer.text()}`);
  };
  return {
    url,
    fate: (fate) => post("ecs/fates", fate),
    tick: (milliseconds) => post("ecs/tick", { milliseconds }),
    reset: () => post("reset"),
    async stop() {
      await container.stop();
    },
  };
}

export interface Session {
  send: Send;
  calls: CallCount;
}

/** Calls to moto. */
export function session(wrap: (send: Send) => Send = (send) => send): Session {
  const { send, calls } = aws("us-east-1");
  return { send: wrap(send), calls };
}

/** Plans and carries out, with no more than `atOnce` changes under way at a time. */
export async function deploy({ send }: Session, environment: Environment, atOnce = Infinity): Promise<Outcome> {
  const { changes, known } = await planOnline({ send }, environment);
  return run(changes, { send, known, progress: silent, pace: PACE, atOnce });
}

/** Takes everything away that carries the tags of the environment. */
export async function destroy({ send }: Session, environment: Environment): Promise<Outcome> {
  const existing = await existingOf(reader(send), environment);
  const changes = removals(existing.filter(({ found }) => found.owned));
  return run(changes, { send, known: new Map(), progress: silent, pace: PACE });
}

/** The ids of everything that exists of the environment, each as often as it exists. */
export async function idsOf({ send }: Session, environment: Environment): Promise<string[]> {
  const all = await existingOf(reader(send), environment);
  return all.map(({ kind, found }) => found.id ?? `${kind} ${found.name}`).toSorted();
}

/** The description of one thing that exists. */
export async function readOne({ send }: Session, environment: Environment, id: `${string}/${string}`) {
  const all = await readAll(reader(send), scopeOf(blueprint(forum, environment)));
  const found = ownById(all).get(id);
  if (!found) throw new Error(`${id} does not exist`);
  return found;
}
