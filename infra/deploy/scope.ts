import { nameOf, ownershipTags, resourceTag, type Blueprint } from "./desired/blueprint.ts";
import type { Attributes, ResourceId } from "./reference.ts";
import type { Found, Tags } from "./resource.ts";

/** What belongs to an environment: by tags and, as a hint, by names. */
export interface Scope {
  application: string;
  environment: string;
  /** Every name on AWS begins with it. */
  prefix: string;
}

export const scopeOf = (plan: Blueprint): Scope => ({
  application: plan.application.name,
  environment: plan.environment.name,
  prefix: nameOf(plan),
});

/** A tag in any of the ways in which AWS services write one. */
type AnyTag = {
  Key?: string | undefined;
  Value?: string | undefined;
  key?: string | undefined;
  value?: string | undefined;
};

/** Tags by key, out of a list in any of AWS's ways. */
export const tagsFrom = (list: readonly AnyTag[] | undefined): Tags =>
  Object.fromEntries((list ?? []).map(({ Key, Value, key, value }) => [Key ?? key ?? "", Value ?? value ?? ""]));

/** Whether a name looks like one of the environment. */
export const isNamedFor = ({ prefix }: Scope, name: string | undefined): name is string =>
  name === prefix || (name?.startsWith(`${prefix}-`) ?? false);

/** The filter of EC2 for the tags of the environment. */
export const tagFilter = ({ application, environment }: Scope) =>
  Object.entries(ownershipTags(application, environment)).map(([key, value]) => ({
    Name: `tag:${key}`,
    Values: [value],
  }));

interface Details {
  name: string | undefined;
  attributes: Attributes;
  spec: Record<string, unknown>;
  ready?: boolean;
}

/** Something found, whose tags say whose it is. */
export function found(scope: Scope, tags: Tags, { name = "", attributes, spec, ready = true }: Details): Found {
  const wanted = Object.entries(ownershipTags(scope.application, scope.environment));
  const owned = wanted.every(([key, value]) => tags[key] === value);
  const id = owned ? (tags[resourceTag(scope.application)] as ResourceId | undefined) : undefined;
  return { id, owned, name, attributes, spec, ready };
}

/** Something found that cannot have tags but belongs to something that has them. */
export const foundPart = (id: ResourceId, { name = "", attributes, spec }: Details): Found => ({
  id,
  owned: true,
  name,
  attributes,
  spec,
  ready: true,
});
