/** Following the deployment that was begun, by its id. */
import type { DescribeServicesResponse, Service } from "@aws-sdk/client-ecs";
import { shortOf } from "../arn.ts";
import { reader, type Send } from "../ask.ts";
import { EndingError } from "../ending.ts";
import { revisionOf } from "../kinds/revisions.ts";
import { findMisconfiguration } from "./misconfiguration.ts";
import { stopDeployment } from "./stop.ts";

const deploymentOf = (one: Service | undefined, deploymentId: string) =>
  one?.deployments?.find(({ id }) => id === deploymentId);

/**
 * Whether the deployment of that id is done.
 * @param taskDefinition of the deployment, as an ARN
 * @throws EndingError when it has failed, or another took its place
 */
export function isComplete(one: Service | undefined, deploymentId: string, taskDefinition?: string): boolean {
  if (!one || one.status === "INACTIVE") throw new EndingError("failed", "the service is not there any more");
  const deployment = deploymentOf(one, deploymentId);
  const reason = deployment?.rolloutStateReason ?? newestEvent(one);
  if (deployment?.rolloutState === "COMPLETED") return true;
  // The circuit breaker goes on with the old revision, and in the end the failed deployment vanishes.
  const other = one.deployments?.find(({ id, status }) => status === "PRIMARY" && id !== deploymentId);
  const serving = shortOf(other?.taskDefinition ?? "nothing");
  if (!deployment && !hasFailed(one, deploymentId) && isLater(other?.taskDefinition, taskDefinition)) {
    throw new EndingError(
      "failed",
      `deployment ${deploymentId} has made way for one that somebody began of ${serving}`,
    );
  }
  if (!deployment || (deployment.rolloutState === "FAILED" && other)) {
    throw new EndingError("rolled back", `deployment ${deploymentId} was rolled back; ${serving} serves: ${reason}`);
  }
  if (deployment.rolloutState === "FAILED")
    throw new EndingError("failed", `deployment ${deploymentId} has failed: ${reason}`);
  return false;
}

const hasFailed = ({ events = [] }: Service, deploymentId: string): boolean =>
  events.some(({ message = "" }) => message.includes(deploymentId) && message.includes("failed"));

const isLater = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && revisionOf(one) > revisionOf(other);

/** `1 of 2 tasks running, 3 have failed`. */
export function progressOf(one: Service | undefined, deploymentId: string): string {
  const { runningCount = 0, desiredCount = 0, failedTasks = 0 } = deploymentOf(one, deploymentId) ?? {};
  return `${runningCount} of ${desiredCount} tasks running${failedTasks > 0 ? `, ${failedTasks} have failed` : ""}`;
}

const newestEvent = (one: Service | undefined): string => one?.events?.[0]?.message ?? "ECS gives no reason";

/**
 * Looks whether tasks of the deployment die of a mistake that no further try mends; then it is ended, so that the service
 * is not left trying. @throws EndingError in that case
 */
export async function assertCanSucceed(send: Send, { services }: DescribeServicesResponse, deploymentId: string) {
  const one = services?.[0];
  const deployment = deploymentOf(one, deploymentId);
  if (!one || deployment?.rolloutState === "COMPLETED" || deployment?.failedTasks === 0) return;
  const { clusterArn: cluster = "", serviceName = "" } = one;
  const mistake = await findMisconfiguration(reader(send), { cluster, serviceName, deploymentId });
  if (!mistake) return;
  const end = await stopDeployment(send, { cluster, service: serviceName });
  throw new EndingError("misconfigured", `${mistake}\n    ${end}`);
}
