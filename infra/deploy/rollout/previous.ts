/** The task definition to go back to. */
import type { Ask } from "../ask.ts";
import { RAN } from "../kinds/one-off-task.ts";
import { revisionOf, revisionsOf, type Revision } from "../kinds/revisions.ts";
import type { Scope } from "../scope.ts";
import { tagsFrom } from "../scope.ts";
import type { Place } from "./stop.ts";

/** Revisions that are described in one answer. */
const AT_ONCE = 20;

/** A revision, and how it is known that it works. */
export interface Previous {
  arn: string;
  why: string;
}

/**
 * The newest revision before the one that is given whose deployment was completed; where ECS remembers none, the newest
 * with which a migration ran. Always an earlier one: going back twice goes back two steps.
 */
export async function previousOf(ask: Ask, scope: Scope, place: Place, present: string): Promise<Previous | undefined> {
  const [revisions, healthy] = await Promise.all([revisionsOf(ask, scope), completedOf(ask, place)]);
  const family = present.slice(0, present.lastIndexOf(":"));
  const earlier = revisions.filter(({ arn }) => arn.startsWith(`${family}:`) && revisionOf(arn) < revisionOf(present));
  const completed = earlier.find(({ arn }) => healthy.has(arn));
  if (completed) return { arn: completed.arn, why: "the last one whose deployment was completed" };
  const ran = earlier.find(hasRun);
  return ran && { arn: ran.arn, why: "the last one that has run; ECS remembers no completed deployment of it" };
}

const hasRun = ({ tags }: Revision): boolean => Object.keys(tagsFrom(tags)).some((key) => key.startsWith(RAN));

/** The task definitions whose deployments were completed, as far as ECS remembers: 90 days. */
async function completedOf(ask: Ask, { cluster, service }: Place): Promise<Set<string | undefined>> {
  const answers = await ask("ecs", "ListServiceDeployments", { cluster, service, status: ["SUCCESSFUL"] });
  const newestFirst = answers
    .flatMap(({ serviceDeployments }) => serviceDeployments ?? [])
    .toSorted((one, other) => Number(other.createdAt ?? 0) - Number(one.createdAt ?? 0));
  const arns = newestFirst.flatMap(({ targetServiceRevisionArn }) => targetServiceRevisionArn ?? []);
  if (arns.length === 0) return new Set();
  const serviceRevisionArns = [...new Set(arns)].slice(0, AT_ONCE);
  const described = await ask("ecs", "DescribeServiceRevisions", { serviceRevisionArns });
  return new Set(
    described.flatMap(({ serviceRevisions }) => serviceRevisions ?? []).map(({ taskDefinition }) => taskDefinition),
  );
}
