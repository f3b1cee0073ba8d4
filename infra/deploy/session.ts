import { forum } from "../forum.ts";
import { reader, type Ask } from "./ask.ts";
import { aws, type Aws } from "./clients.ts";
import { contentsOf } from "./content.ts";
import { blueprint } from "./desired/blueprint.ts";
import type { Environment } from "./environment.ts";
import { compare, type Comparison } from "./plan/compare.ts";
import { ownById, readAll, type FoundOfKind } from "./plan/existing.ts";
import { removals } from "./plan/removal.ts";
import { onlineProblems, withZones } from "./preflight/online.ts";
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
 * @throws UserError that lists every problem
 */
export async function planOnline({ send }: Pick<Aws, "send">, given: Environment): Promise<Plan> {
  const ask = reader(send);
  // Settings first: they can be wrong without AWS being asked.
  desiredWithoutProblems(forum, given);
  const environment = await withZones(ask, given);
  const wanted = desiredWithoutProblems(forum, environment, await contentsOf(forum, environment));
  const existing = await existingOf(ask, environment);
  refuse(await onlineProblems(ask, environment, wanted, existing));
  const comparison = compare(wanted, ownById(existing));
  const before = comparison.changes.map(({ id }) => id);
  const surplus = removals(
    existing.filter((one) => isSurplus(one, wanted)),
    before,
  );
  const changes = [...comparison.changes, ...surplus];
  return { ...comparison, changes, wanted, existing };
}

/** Everything that belongs to the environment, or looks as if. */
export const existingOf = (ask: Ask, environment: Environment): Promise<FoundOfKind[]> =>
  readAll(ask, scopeOf(blueprint(forum, environment)));

/** Older revisions have the same id as the newest: they stay, for going back. */
const isSurplus = ({ found }: FoundOfKind, wanted: readonly Resource[]): boolean =>
  found.owned && !wanted.some(({ id }) => id === found.id);

/** AWS in the region of the environment. */
export const awsFor = ({ region }: Environment): Aws => aws(region);
