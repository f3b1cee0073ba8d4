import { reader, type Send } from "./ask.ts";
import { endingOf } from "./ending.ts";
import { explain, type Suspects } from "./explain.ts";
import type { KindName, SpecOf } from "./kinds/index.ts";
import type { Attributes, ResourceId } from "./reference.ts";
import type { Resource } from "./resource.ts";
import type { Outcome } from "./run/run.ts";

type Known = ReadonlyMap<ResourceId, Attributes>;

/** What is known of why services and one-off tasks have failed, with a heading for each; nothing for other kinds. */
export async function explanations(send: Send, { failed }: Outcome, wanted: readonly Resource[], known: Known) {
  const ask = reader(send);
  const parts = await Promise.all(
    failed.map(async ({ change, error }) => {
      // What nobody waited for may still end well.
      if (endingOf(error) === "interrupted") return [];
      const about = aboutOf(change.id, wanted, known);
      if (!about) return [];
      // That it failed must be told even when the reason cannot be read.
      const lines = await explain(ask, about).catch((error: Error) => [`the reason cannot be read: ${error.message}`]);
      return [`Why ${change.id} has failed:`, ...lines.map((line) => `  ${line}`)];
    }),
  );
  return parts.flat();
}

/** Where to look for the reason. */
export function aboutOf(id: ResourceId, wanted: readonly Resource[], known: Known): Suspects | undefined {
  const specOf = <K extends KindName>(kind: K, name: string) =>
    wanted.find((one) => one.id === `${kind}/${name}`)?.spec as SpecOf<K> | undefined;
  const [kind, name = ""] = id.split("/");
  if (kind === "service") {
    const { cluster, serviceName } = specOf("service", name)!;
    const targetGroupArn = known.get(`target-group/${name}`)?.["TargetGroupArn"];
    return { cluster, serviceName, deploymentId: known.get(id)?.["deploymentId"], targetGroupArn };
  }
  const taskArn = known.get(id)?.["taskArn"];
  return kind === "one-off-task" && taskArn ? { cluster: specOf("one-off-task", name)!.cluster, taskArn } : undefined;
}
