import type { Tag } from "@aws-sdk/client-ecs";
import type { Ask } from "../ask.ts";
import { isNamedFor, type Scope } from "../scope.ts";

/** A revision of a task definition. */
export interface Revision {
  arn: string;
  family: string;
  tags: Tag[] | undefined;
}

/** The active revisions of the environment's task definitions, the newest of each family first. */
export async function revisionsOf(ask: Ask, scope: Scope): Promise<Revision[]> {
  const input = { familyPrefix: scope.prefix, status: "ACTIVE" as const };
  const answers = await ask("ecs", "ListTaskDefinitionFamilies", input);
  const families = answers.flatMap(({ families }) => families ?? []).filter((name) => isNamedFor(scope, name));
  const revisions = await Promise.all(families.map((family) => revisionsOfFamily(ask, family)));
  return revisions.flat();
}

async function revisionsOfFamily(ask: Ask, family: string): Promise<Revision[]> {
  const answers = await ask("ecs", "ListTaskDefinitions", { familyPrefix: family, status: "ACTIVE" });
  const arns = answers.flatMap(({ taskDefinitionArns }) => taskDefinitionArns ?? []);
  const newestFirst = arns.toSorted((one, other) => revisionOf(other) - revisionOf(one));
  return Promise.all(
    newestFirst.map(async (arn) => {
      const [one] = await ask("ecs", "DescribeTaskDefinition", { taskDefinition: arn, include: ["TAGS"] });
      return { arn, family, tags: one?.tags };
    }),
  );
}

/** The number at the end of the ARN of a task definition. */
export const revisionOf = (arn: string): number => Number(arn.split(":").at(-1));
