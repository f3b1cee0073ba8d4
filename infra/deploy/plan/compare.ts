import { differences, type Difference } from "../differences.ts";
import { dependenciesOf, waves } from "../graph.ts";
import { kindOf } from "../kinds/index.ts";
import { resolve, type Attributes, type Reference, type ResourceId } from "../reference.ts";
import type { Found, Resource } from "../resource.ts";
import { changeOf, type Change } from "./change.ts";

/** What exists, by id. */
export type Existing = ReadonlyMap<ResourceId, Found>;

/** What has to happen so that everything wanted exists, and what is known of what exists already. */
export interface Comparison {
  changes: Change[];
  known: Map<ResourceId, Attributes>;
}

/** Compares what is wanted with what exists. Pure; against nothing, everything has to be created. */
export function compare(wanted: readonly Resource[], existing: Existing): Comparison {
  const known = new Map<ResourceId, Attributes>([...existing].map(([id, { attributes }]) => [id, attributes]));
  const changes: Change[] = [];
  for (const resource of waves(wanted).flat()) {
    const change = changeFor(resource, existing.get(resource.id), known);
    if (!change) continue;
    changes.push(change);
    // Ids of what is made anew are not known before.
    if (isMadeAnew(change)) known.delete(resource.id);
  }
  return { changes, known };
}

const isMadeAnew = ({ action }: Change): boolean => action === "create" || action === "replace";

function changeFor(
  resource: Resource,
  found: Found | undefined,
  known: Map<ResourceId, Attributes>,
): Change | undefined {
  const after = dependenciesOf(resource);
  if (!found) return changeOf(resource, { action: "create", after });
  const kind = kindOf(resource.kind);
  const spec = resolve(resource.spec, ({ id, attribute }: Reference) => known.get(id)?.[attribute]);
  const differing = differences(kind.compared?.(spec) ?? (spec as object), found.spec);
  if (differing.length === 0) return found.ready ? undefined : changeOf(resource, { action: "wait", found, after });
  if (kind.revisions) return changeOf(resource, { action: "create", differences: differing, after });
  const action = isFixed(differing, kind.fixed) ? "replace" : "change";
  return changeOf({ ...resource, spec }, { action, found, differences: differing, after });
}

const isFixed = (found: Difference[], fixed: readonly string[] = []): boolean =>
  found.some(({ key }) => fixed.includes(key));
