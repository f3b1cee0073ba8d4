import { dependenciesOf } from "../graph.ts";
import type { ResourceId } from "../reference.ts";
import type { Resource } from "../resource.ts";

/** The ids of some services, of all that they need, and of what needs them: their scaling, their alarms. */
export function partOf(wanted: readonly Resource[], services: readonly string[]): Set<ResourceId> {
  const byId = new Map(wanted.map((one) => [one.id, one]));
  const own = services.map((name): ResourceId => `service/${name}`);
  const needing = wanted.filter(({ id }) => needs(id, byId).intersection(new Set(own)).size > 0);
  return needing.reduce((part, { id }) => part.union(needs(id, byId)), new Set<ResourceId>());
}

/** The ids of a resource and of everything that must exist before it. */
function needs(id: ResourceId, byId: ReadonlyMap<ResourceId, Resource>): Set<ResourceId> {
  const found = new Set<ResourceId>([id]);
  // A set goes on to what is added on the way.
  for (const one of found) for (const other of dependenciesOf(byId.get(one)!)) found.add(other);
  return found;
}
