import type { Attributes, ResourceId } from "./reference.ts";
import { ref } from "./reference.ts";
import type { Step } from "./step.ts";

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

/** What can be done with one kind of resource. Every function is pure: it says what to do and does nothing. */
export interface Kind<Spec> {
  /** What AWS calls it. */
  title: string;
  /** Attributes that others may refer to. */
  attributes: readonly string[];
  create(resource: Resource<Spec>): Step[];
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
