import type { ServiceDeploymentBrief } from "@aws-sdk/client-ecs";
import { reader, type Send } from "../ask.ts";

/** Where a service is: the names of its cluster and of itself. */
export interface Place {
  cluster: string;
  service: string;
}

const isUnderWay = ({ status }: ServiceDeploymentBrief): boolean => status === "PENDING" || status === "IN_PROGRESS";

/** Ends the deployment that is under way; ECS goes back to the last one that was complete. Says what becomes of it. */
export async function stopDeployment(send: Send, { cluster, service }: Place): Promise<string> {
  const ask = reader(send);
  const answers = await ask("ecs", "ListServiceDeployments", { cluster, service });
  const all = answers.flatMap(({ serviceDeployments }) => serviceDeployments ?? []);
  const underWay = all.find(isUnderWay);
  if (!underWay) return "no deployment of it is under way any more";
  if (!all.some(({ status }) => status === "SUCCESSFUL")) {
    return "there is no revision to go back to; ECS gives up by itself after some more tries";
  }
  const { serviceDeploymentArn } = underWay;
  await send("ecs", "StopServiceDeployment", { serviceDeploymentArn, stopType: "ROLLBACK" });
  return "ECS was told to go back to the revision before, which has been serving all the time";
}
