import { forum } from "../forum.ts";
import { reader, type Ask } from "./ask.ts";
import { aws, type Aws } from "./clients.ts";
import { contentsOf } from "./content.ts";
import { blueprint } from "./desired/blueprint.ts";
import type { Environment } from "./environment.ts";
import type { Change } from "./plan/change.ts";
import { compare, type Comparison } from "./plan/compare.ts";
import { ownById, readAll, type FoundOfKind } from "./plan/existing.ts";
import { partOf } from "./plan/part.ts";
import { withPriorities } from "./plan/priorities.ts";
import { removals } from "./plan/removal.ts";
import { replacementProblems } from "./plan/replacements.ts";
import { onlineProblems, withZones } from "./preflight/online.ts";
import { assertPermitted } from "./preflight/permissions.ts";
import { desiredWithoutProblems, refuse } from "./preflight/preflight.ts";
import type { Resource } from "./resource.ts";
import { scopeOf } from "./scope.ts";

/** What is wanted and what has to happen for it. */
export interface Plan extends Comparison {
  wanted: Resource[];
  existing: FoundOfKind[];
}

/**
 * Reads what exists and compares. What is the environment's but no longer wanted is to be deleted, last of all.
 * @param only names of services: then only these, what they need and what needs them; nothing is deleted
 * @throws UserError that lists every problem
 */
export async function planOnline(
  { send }: Pick<Aws, "send">,
  given: Environment,
  only: readonly string[] = [],
): Promise<Plan> {
  const ask = reader(send);
  // Settings first: they can be wrong without AWS being asked.
  desiredWithoutProblems(forum, given);
  const environment = await withZones(ask, given);
  const wanted = desiredWithoutProblems(forum, environment, await contentsOf(forum, environment));
  const existing = await existingOf(ask, environment);
  refuse(await onlineProblems(ask, environment, wanted, existing));
  const comparison = compare(wanted, ownById(existing));
  refuse(replacementProblems(comparison.changes));
  const changes =
    only.length > 0
      ? withPriorities(partial(comparison, wanted, only), wanted, existing)
      : [...withPriorities(comparison.changes, wanted, existing), ...surplus(comparison, wanted, existing)];
  await assertPermitted(ask, environment, changes);
  return { ...comparison, changes, wanted, existing };
}

function partial({ changes }: Comparison, wanted: Resource[], only: readonly string[]): Change[] {
  const part = partOf(wanted, only);
  return changes.filter(({ id }) => part.has(id));
}

/** What takes away the environment's own that is no longer wanted, after everything else. */
function surplus({ changes }: Comparison, wanted: Resource[], existing: FoundOfKind[]): Change[] {
  const before = changes.map(({ id }) => id);
  return removals(
    existing.filter((one) => isSurplus(one, wanted)),
    before,
  );
}

/** Everything that belongs to the environment, or looks as if. */
export const existingOf = (ask: Ask, environment: Environment): Promise<FoundOfKind[]> =>
  readAll(ask, scopeOf(blueprint(forum, environment)));

/** Older revisions have the same id as the newest: they stay, for going back. */
const isSurplus = ({ found }: FoundOfKind, wanted: readonly Resource[]): boolean =>
  found.owned && !wanted.some(({ id }) => id === found.id);

/** AWS in the region of the environment. */
export const awsFor = ({ region }: Environment): Aws => aws(region);
