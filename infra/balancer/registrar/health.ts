/** Which targets of a group get requests, as an Application Load Balancer decides it: pure, fed with what was found. */
import type { Application } from "../../forum.ts";

/** What a task answers when it is asked whether it can serve; "leaving" is one that is being ended. */
export type Finding = "passed" | "failed" | "leaving";

export interface Target {
  address: string;
  state: "initial" | "healthy" | "unhealthy";
  /** Findings in a row that speak against its state. */
  against: number;
}

export type Thresholds = Pick<Application["healthCheck"], "healthy" | "unhealthy">;

export const newTarget = (address: string): Target => ({ address, state: "initial", against: 0 });

/** A target after one more health check: a new one is admitted by a single pass, a fallen one has to pass several. */
export function checked(target: Target, passed: boolean, { healthy, unhealthy }: Thresholds): Target {
  const isHealthy = target.state === "healthy";
  if (passed === isHealthy && target.state !== "initial") return { ...target, against: 0 };
  const against = target.against + 1;
  const needed = isHealthy || !passed ? unhealthy : target.state === "initial" ? 1 : healthy;
  if (against < needed) return { ...target, against };
  return { ...target, state: passed ? "healthy" : "unhealthy", against: 0 };
}

/** The addresses that get requests: the healthy ones; where there is none, all of them (fail open). */
export function inService(targets: readonly Target[]): string[] {
  const healthy = targets.filter(({ state }) => state === "healthy");
  return (healthy.length > 0 ? healthy : targets).map(({ address }) => address);
}
