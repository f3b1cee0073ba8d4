/** AWS for tests: moto in a container, and what the tests do to the calls on their way. */
import { GenericContainer, Wait } from "testcontainers";
import { reader, type Send } from "../../infra/deploy/ask.ts";
import { aws, type CallCount } from "../../infra/deploy/clients.ts";
import { blueprint } from "../../infra/deploy/desired/blueprint.ts";
import { environmentOf, type Environment } from "../../infra/deploy/environment.ts";
import { ownById, readAll } from "../../infra/deploy/plan/existing.ts";
import { removals } from "../../infra/deploy/plan/removal.ts";
import { run, type Outcome, type Progress } from "../../infra/deploy/run/run.ts";
import { scopeOf } from "../../infra/deploy/scope.ts";
import { existingOf, planOnline } from "../../infra/deploy/session.ts";
import { forum } from "../../infra/forum.ts";

const IMAGE = "motoserver/moto:5.2.4";
const PORT = 5000;
const silent: Progress = { started: () => {}, waiting: () => {}, done: () => {}, failed: () => {} };
/** Nothing takes time in moto. */
const PACE = 10;

const digest = `sha256:${"a".repeat(64)}`;
/** An environment whose images exist, as far as anybody can tell. */
export const deployable = (changed: object = {}): Environment => {
  const names = ["tasks", ...forum.services.map(({ name }) => name)];
  return environmentOf({ images: Object.fromEntries(names.map((name) => [name, digest])), ...changed });
};

/** Starts moto, and lets the SDK of this process find it. */
export async function startMoto(): Promise<{ reset: () => Promise<void>; stop: () => Promise<void> }> {
  const container = await new GenericContainer(process.env["MOTO_IMAGE"] ?? IMAGE)
    .withExposedPorts(PORT)
    .withEnvironment({ MOTO_IAM_LOAD_MANAGED_POLICIES: "true" })
    .withWaitStrategy(Wait.forHttp("/moto-api/", PORT))
    .start();
  const url = `http://${container.getHost()}:${container.getMappedPort(PORT)}`;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  });
  return {
    async reset() {
      await fetch(`${url}/moto-api/reset`, { method: "POST" });
    },
    async stop() {
      await container.stop();
    },
  };
}

export interface Session {
  send: Send;
  calls: CallCount;
}

/** Calls to moto. It rolls nothing out by itself: every deployment is told to be complete. */
export function session(wrap: (send: Send) => Send = (send) => send): Session {
  const { send, calls } = aws("us-east-1");
  const complete: Send = async (service, operation, input) => {
    const output = (await send(service, operation, input)) as Services;
    for (const deployment of (output.services ?? []).flatMap(({ deployments = [] }) => deployments)) {
      deployment.rolloutState = "COMPLETED";
    }
    return output;
  };
  return { send: wrap(complete), calls };
}
interface Services {
  services?: { deployments?: { rolloutState: string }[] }[];
}

/** Plans and carries out. */
export async function deploy({ send }: Session, environment: Environment): Promise<Outcome> {
  const { changes, known } = await planOnline({ send }, environment);
  return run(changes, { send, known, progress: silent, pace: PACE });
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
