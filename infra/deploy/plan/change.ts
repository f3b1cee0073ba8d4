import { isReading } from "../ask.ts";
import type { Difference } from "../differences.ts";
import { kindOf } from "../kinds/index.ts";
import type { ResourceId } from "../reference.ts";
import type { Found, Resource } from "../resource.ts";
import type { Step } from "../step.ts";

export type Action = "create" | "change" | "replace" | "wait" | "delete";

/** What has to happen to a resource. */
export interface Change {
  action: Action;
  id: ResourceId;
  kind: string;
  /** Its name here. */
  name: string;
  /** Why, where something differs. */
  differences: Difference[];
  /** What must have happened before. */
  after: ResourceId[];
  steps: Step[];
}

interface About {
  action: Exclude<Action, "delete">;
  found?: Found | undefined;
  differences?: Difference[];
  after: ResourceId[];
}

/** The change that brings a wanted resource about. */
export function changeOf(resource: Resource, { action, found, differences = [], after }: About): Change {
  const { id, kind: kindName, name } = resource;
  const kind = kindOf(kindName);
  const existing = action === "replace" ? undefined : found;
  const making = action === "create" || action === "replace";
  const steps = [
    ...(action === "replace" && found ? kind.remove(found) : []),
    ...(making ? kind.create(resource) : []),
    ...(action === "wait" ? [] : (kind.change?.(resource, making ? undefined : existing) ?? [])),
    ...(kind.ready?.(resource) ?? []),
  ];
  return { action, id, kind: kindName, name, differences, after, steps };
}

/** The change that takes away what was found. */
export function removalOf(found: Found, kind: string, after: ResourceId[]): Change {
  const id = idOf(found, kind);
  const name = id.slice(kind.length + 1);
  return { action: "delete", id, kind, name, differences: [], after, steps: kindOf(kind).remove(found) };
}

/** What a found resource is known by: several revisions are the same resource, but each has a name of its own. */
export const idOf = (found: Found, kind: string): ResourceId =>
  kindOf(kind).revisions || !found.id ? `${kind}/${found.name}` : found.id;

/** How many calls change something. */
export const callsOf = (changes: readonly Change[]): number =>
  changes.flatMap(({ steps }) => steps).filter((step) => step.type === "call" && !isReading(step.operation)).length;
