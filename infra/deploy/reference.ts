/**
 * A value that only AWS knows, such as the id of a VPC, stands in a wanted resource as the text
 * `${KIND/NAME.ATTRIBUTE}` until it is known. So inputs keep AWS's own types, a plan can show calls whose values do not
 * exist yet, and who depends on whom can be read off.
 */

/** What a resource is known by here: its kind and its name, `target-group/users`. */
export type ResourceId = `${string}/${string}`;

/** Attributes of a resource that exists, by name: ids, ARNs, addresses. */
export type Attributes = Record<string, string>;

const PATTERN = /\$\{([a-z-]+\/[\w.-]+)\.(\w+)\}/g;

/** The text that stands for an attribute until it is known. */
export const ref = (id: ResourceId, attribute: string): string => `\${${id}.${attribute}}`;

/** A reference that was found in a value. */
export interface Reference {
  id: ResourceId;
  attribute: string;
}

/** Every reference in a value, however deep. */
export function referencesIn(value: unknown): Reference[] {
  if (typeof value === "string") {
    return [...value.matchAll(PATTERN)].map(([, id, attribute]) => ({ id: id as ResourceId, attribute: attribute! }));
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(referencesIn);
}

/** The value with every reference replaced that `known` has an answer for; the others stay. */
export function resolve<T>(value: T, known: (reference: Reference) => string | undefined): T {
  return mapTexts(value, (text) =>
    text.replace(PATTERN, (whole, id: ResourceId, attribute: string) => known({ id, attribute }) ?? whole),
  );
}

/** A copy of the value with every text in it replaced. */
export function mapTexts<T>(value: T, replace: (text: string) => string): T {
  if (typeof value === "string") return replace(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => mapTexts(item, replace)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts<unknown>(item, replace)])) as T;
}
