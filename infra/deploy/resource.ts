import type { Ask } from "./ask.ts";
import { ref, type Attributes, type ResourceId } from "./reference.ts";
import type { Scope } from "./scope.ts";
import type { Step, Wait } from "./step.ts";

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

/** A resource as it should be. */
export interface Resource<Spec = unknown> {
  kind: string;
  /** Its name here; the name on AWS is in `spec`. */
  name: string;
  /** `KIND/NAME`. */
  id: ResourceId;
  /** In the words of the AWS API; may hold references to other resources. */
  spec: Spec;
  /** Resources that must exist first although `spec` does not refer to them. */
  after: ResourceId[];
  /** Who it belongs to. */
  tags: Tags;
}

/** A resource as it is on AWS. */
export interface Found {
  /** Which one it is, as its tag says; undefined for what only has a name that the environment would use. */
  id: ResourceId | undefined;
  /** Whether it carries the tags of the environment. What does not is never changed. */
  owned: boolean;
  /** Its name on AWS. */
  name: string;
  attributes: Attributes;
  /** What can be compared with a wanted resource, under the same keys as there. */
  spec: Readonly<Record<string, unknown>>;
  /** False while AWS is still making it. */
  ready: boolean;
}

/**
 * What can be done with one kind of resource. Only `read` asks AWS; the others say what to do and do nothing. A new
 * resource is created, then changed into what it should be, then waited for; so each step of an interrupted run can be
 * made up for by the next one.
 */
export interface Kind<Spec> {
  /** What AWS calls it. */
  title: string;
  /** Attributes that others may refer to. */
  attributes: readonly string[];
  /** Keys of the description that nothing can change: a difference makes it anew. */
  fixed?: readonly (keyof Spec & string)[];
  /** Whether a difference makes another one beside the old one, which stays: a revision. */
  revisions?: boolean;
  /** Finds what has the tags of the environment, or a name that it would use; the newest first. */
  read: (ask: Ask, scope: Scope) => Promise<Found[]>;
  /** What of a description is compared with what is there; without it, all that was read. */
  compared?: (spec: Spec) => object;
  create: (resource: Resource<Spec>) => Step[];
  /** Brings one that exists to its description; `found` is missing when it was created just now. */
  change?: (resource: Resource<Spec>, found?: Found) => Step[];
  /** What it takes until others can use it. */
  ready?: (resource: Resource<Spec>) => Wait[];
  remove: (found: Found) => Step[];
}

/** A reference of a resource to itself, for the steps after the one that makes it. */
export const own = (resource: Resource, attribute: string): string => ref(resource.id, attribute);

/** Picks attributes out of an answer. @throws Error when AWS left one out */
export function attributes(of: object | undefined, ...names: string[]): Attributes {
  const values = (of ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    names.map((name) => {
      const value = values[name];
      if (typeof value !== "string") throw new Error(`The answer of AWS has no ${name}.`);
      return [name, value];
    }),
  );
}
