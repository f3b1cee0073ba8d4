import { reader, type Send } from "./ask.ts";
import { ownershipTags } from "./desired/blueprint.ts";
import type { Environment } from "./environment.ts";
import { forum } from "../forum.ts";
import { existingOf } from "./session.ts";

/**
 * What the tagging API tells although nothing is left to be done: ECS remembers what was deleted for a while, and its
 * kinds read for themselves; Aurora's automatic snapshots go with their cluster.
 */
const GOES_BY_ITSELF = /^arn:[^:]*:(?:ecs:|rds:[^:]*:[^:]*:cluster-snapshot:rds:)/;

/** What is left of an environment: by each kind's own reading, and by tag for what no kind knows of. */
export async function leftOf(send: Send, environment: Environment): Promise<string[]> {
  const ask = reader(send);
  const tags = Object.entries(ownershipTags(forum.name, environment.name));
  const TagFilters = tags.map(([Key, Value]) => ({ Key, Values: [Value] }));
  const [existing, answers] = await Promise.all([
    existingOf(ask, environment),
    ask("tag", "GetResources", { TagFilters }),
  ]);
  const own = existing.filter(({ found }) => found.owned).map(({ kind, found }) => `${kind} ${found.name}`);
  const tagged = answers
    .flatMap(({ ResourceTagMappingList }) => ResourceTagMappingList ?? [])
    .map(({ ResourceARN = "" }) => ResourceARN)
    .filter((arn) => !GOES_BY_ITSELF.test(arn));
  return [...own, ...tagged];
}
