import assert from "node:assert/strict";
import type { Outcome, Progress } from "../../infra/deploy/run/run.ts";
import { forum, type Application } from "../../infra/forum.ts";
import { desired } from "../../infra/deploy/desired/desired.ts";
import { environmentOf, type Environment } from "../../infra/deploy/environment.ts";
import type { KindName, SpecOf } from "../../infra/deploy/kinds/index.ts";
import type { Resource } from "../../infra/deploy/resource.ts";

/** An environment with the defaults, and what the test changes. */
export const environment = (changed: object = {}): Environment => environmentOf(changed);

/** What is wanted of the forum in such an environment. */
export const wanted = (changed: object = {}, application: Application = forum): Resource[] =>
  desired(application, environment(changed));

/** The description of one resource. @throws Error when it is not wanted */
export function specOf<K extends KindName>(resources: Resource[], kind: K, name: string): SpecOf<K> {
  const found = resources.find(({ id }) => id === `${kind}/${name}`);
  if (!found) throw new Error(`${kind}/${name} is not wanted`);
  return found.spec as SpecOf<K>;
}

/** Names of the resources of one kind. */
export const namesOf = (resources: Resource[], kind: KindName): string[] =>
  resources.filter((resource) => resource.kind === kind).map(({ name }) => name);

/** Nobody is told of a run. */
export const silent: Progress = { started: () => {}, waiting: () => {}, done: () => {}, failed: () => {} };

/** Asserts that all of a run was done; what was not is told by name. */
export function assertAllDone({ failed, skipped }: Outcome): void {
  assert.deepEqual(
    failed.map(({ change, error }) => `${change.id}: ${error.message}`),
    [],
  );
  assert.deepEqual(
    skipped.map(({ id }) => id),
    [],
  );
}

/** Asserts that the same things exist, each once; but each attempt may have left a revision of a task definition. */
export function assertSameOnce(ids: readonly string[], expected: readonly string[]): void {
  assert.deepEqual([...new Set(ids)], [...new Set(expected)]);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index && !id.startsWith("task-definition/"));
  assert.deepEqual(twice, []);
}
