/** Comparing what is wanted with what is there. */

/** One setting that is not as wanted. */
export interface Difference {
  key: string;
  is: unknown;
  wanted: unknown;
}

/** A value in one form: without holes, keys and lists sorted. Lists of AWS are sets: of ids, tags, values. */
export function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(canonical).toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([key, item]) => [key, canonical(item)]),
  );
}

/** Whether everything wanted is there. AWS fills in what was not said; lists must have the same number of members. */
export function isContained(wanted: unknown, is: unknown): boolean {
  if (wanted === undefined) return true;
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(is) &&
      is.length === wanted.length &&
      wanted.every((one) => is.some((other) => isContained(one, other)))
    );
  }
  if (typeof wanted !== "object" || wanted === null) return wanted === is;
  if (typeof is !== "object" || is === null) return false;
  return Object.entries(wanted).every(([key, item]) => isContained(item, (is as Record<string, unknown>)[key]));
}

/** The settings that differ, among those that were read. */
export function differences(wanted: object, is: Readonly<Record<string, unknown>>): Difference[] {
  const values = wanted as Record<string, unknown>;
  return Object.keys(is)
    .filter((key) => !isContained(values[key], is[key]))
    .map((key) => ({ key, is: is[key], wanted: values[key] }));
}
