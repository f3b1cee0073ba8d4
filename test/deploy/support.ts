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
