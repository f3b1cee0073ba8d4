import type { Ask } from "../ask.ts";
import { kinds, kindOf, type KindName } from "../kinds/index.ts";
import type { ResourceId } from "../reference.ts";
import type { Found } from "../resource.ts";
import type { Scope } from "../scope.ts";

/** Something found, and its kind. */
export interface FoundOfKind {
  kind: KindName;
  found: Found;
}

/** Everything on AWS that belongs to the environment or has a name that it would use. All kinds are read side by side. */
export async function readAll(ask: Ask, scope: Scope): Promise<FoundOfKind[]> {
  const names = Object.keys(kinds) as KindName[];
  const all = await Promise.all(
    names.map(async (kind) => (await kindOf(kind).read(ask, scope)).map((found) => ({ kind, found }))),
  );
  return all.flat();
}

/** The environment's own by id; of several revisions the newest, which stands first. */
export function ownById(all: readonly FoundOfKind[]): Map<ResourceId, Found> {
  const byId = new Map<ResourceId, Found>();
  for (const { found } of all) {
    if (found.owned && found.id && !byId.has(found.id)) byId.set(found.id, found);
  }
  return byId;
}
