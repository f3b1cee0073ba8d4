import { forum } from "../../forum.ts";
import { desired } from "../desired/desired.ts";
import { environmentOf } from "../environment.ts";
import { dependenciesOf } from "../graph.ts";
import type { ResourceId } from "../reference.ts";
import { idOf, removalOf, type Change } from "./change.ts";
import type { FoundOfKind } from "./existing.ts";

/** Which kinds need which others, in any shape of the forum. What is needed by others goes after them. */
function kindsNeededBy(): Map<string, Set<string>> {
  const needed = new Map<string, Set<string>>();
  for (const network of ["own", "private"]) {
    for (const resource of desired(forum, environmentOf({ network, certificate: "arn:" }))) {
      const others = needed.get(resource.kind) ?? new Set();
      for (const id of dependenciesOf(resource)) others.add(id.split("/")[0]!);
      others.delete(resource.kind);
      needed.set(resource.kind, others);
    }
  }
  return needed;
}

/**
 * The changes that take away everything given, each after what needs its kind.
 * @param before changes that have to be done before any of it
 */
export function removals(all: readonly FoundOfKind[], before: ResourceId[] = []): Change[] {
  const needed = kindsNeededBy();
  const idsOf = (kind: string): ResourceId[] =>
    all.filter((one) => one.kind === kind).map(({ found }) => idOf(found, kind));
  return all
    .map(({ kind, found }) => {
      const users = [...needed].filter(([, others]) => others.has(kind)).map(([user]) => user);
      return removalOf(found, kind, [...before, ...users.flatMap(idsOf)]);
    })
    .filter(({ steps }) => steps.length > 0);
}
