/** Which target answers: drawing a target group by weight, then taking its targets in turn. */
import type { WeightedTargetGroup } from "./rules.ts";

/** The addresses of the tasks in each target group, such as `http://127.0.0.1:3001`. */
export type Targets = Readonly<Record<string, readonly URL[]>>;

/** Draws a target group. @param random from 0 up to, but not including, 1 */
export function drawTargetGroup(groups: readonly WeightedTargetGroup[], random: number): string | undefined {
  const total = groups.reduce((sum, { weight }) => sum + weight, 0);
  let left = random * total;
  return groups.find(({ weight }) => (left -= weight) < 0)?.targetGroup;
}

/** A function that gives the next target of a group, each in turn; nothing when the group has none. */
export function roundRobin(): (targets: Targets, targetGroup: string | undefined) => URL | undefined {
  const served = new Map<string, number>();
  return (targets, targetGroup) => {
    if (targetGroup === undefined) return undefined;
    const group = targets[targetGroup] ?? [];
    const turn = served.get(targetGroup) ?? 0;
    served.set(targetGroup, turn + 1);
    return group[turn % group.length];
  };
}
