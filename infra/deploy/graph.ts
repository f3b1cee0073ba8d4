/** Wanted resources and who must exist before whom. */
import { kindOf } from "./kinds/index.ts";
import { referencesIn, type ResourceId } from "./reference.ts";
import type { Resource } from "./resource.ts";

/** What a reference may name that is no resource: made when the call is made. */
export const GENERATED = "generated/";

/** The ids that must exist before the resource, each once. */
export function dependenciesOf(resource: Resource): ResourceId[] {
  const referred = referencesIn(resource.spec).map(({ id }) => id);
  return [...new Set([...resource.after, ...referred])].filter((id) => !id.startsWith(GENERATED));
}

/**
 * The resources in waves: each needs only what stands in earlier ones, so that all of a wave can be made side by side.
 * @throws Error when ids repeat, a reference leads nowhere, or resources wait for one another
 */
export function waves(resources: readonly Resource[]): Resource[][] {
  const byId = indexed(resources);
  const done = new Set<ResourceId>();
  const result: Resource[][] = [];
  let rest = [...resources];
  for (const resource of resources) assertReferences(resource, byId);
  while (rest.length > 0) {
    const wave = rest.filter((resource) => dependenciesOf(resource).every((id) => done.has(id)));
    if (wave.length === 0) throw new Error(`These wait for one another: ${rest.map(({ id }) => id).join(", ")}`);
    for (const { id } of wave) done.add(id);
    rest = rest.filter(({ id }) => !done.has(id));
    result.push(wave);
  }
  return result;
}

/** The resources by id. @throws Error when an id repeats */
function indexed(resources: readonly Resource[]): Map<ResourceId, Resource> {
  const byId = new Map<ResourceId, Resource>();
  for (const resource of resources) {
    if (byId.has(resource.id)) throw new Error(`Two resources are called ${resource.id}`);
    byId.set(resource.id, resource);
  }
  return byId;
}

function assertReferences(resource: Resource, byId: Map<ResourceId, Resource>): void {
  for (const id of dependenciesOf(resource)) {
    if (!byId.has(id)) throw new Error(`${resource.id} needs ${id}, which is not wanted`);
  }
  for (const { id, attribute } of referencesIn(resource.spec)) {
    const target = byId.get(id);
    if (target && !kindOf(target.kind).attributes.includes(attribute)) {
      throw new Error(`${resource.id} refers to ${id}.${attribute}, which ${target.kind} does not have`);
    }
  }
}
