import { table } from "../../terminal/table.ts";
import type { RollOut, ServiceStatus, Status } from "./read.ts";

/** The status for people. */
export function statusText({ environment, url, rules, services }: Status): string {
  if (!url && services.length === 0)
    return `${environment}: nothing is deployed. To deploy: npm run infra -- deploy --env ${environment}`;
  const right = "right" as const;
  return [
    `${environment}: ${url ?? "no load balancer"}`,
    table(
      [{ title: "service" }, { title: "running" }, { title: "healthy" }, { title: "revision" }, { title: "roll-out" }],
      services.map((one) => [one.name, counts(one), healthy(one), one.taskDefinition, rollOutOf(one)]),
    ),
    table(
      [{ title: "priority", align: right }, { title: "paths" }, { title: "weights" }],
      rules.map(({ priority, paths, weights }) => [priority, paths.join(" ") || "(any other)", weightText(weights)]),
    ),
    ...services.map(details),
  ].join("\n\n");
}

const counts = ({ running, desired, pending }: ServiceStatus): string =>
  `${running} of ${desired}${pending > 0 ? `, ${pending} starting` : ""}`;

const healthy = ({ targets }: ServiceStatus): string =>
  `${targets.filter(({ health }) => health === "healthy").length} of ${targets.length}`;

const STATES: Record<string, string> = { COMPLETED: "complete", IN_PROGRESS: "in progress", FAILED: "failed" };

/** How far the roll-out that counts is. */
const rollOutOf = ({ rollouts: [primary] }: ServiceStatus): string => (primary ? progressOf(primary) : "none");

/** `in progress, 1 of 2 running, 3 failed`. */
const progressOf = ({ state, desired, running, failed }: RollOut): string =>
  [
    STATES[state] ?? state,
    ...(state === "COMPLETED" ? [] : [`${running} of ${desired} running`]),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ].join(", ");

/** Every roll-out, unless there is only one and it is complete. */
const rollOutLines = ({ rollouts }: ServiceStatus): string[] =>
  rollouts.length === 1 && rollouts[0]!.state === "COMPLETED"
    ? []
    : rollouts.map((one) => `  roll-out  ${one.taskDefinition} ${progressOf(one)}: ${one.reason}`);

const weightText = (weights: Record<string, number>): string =>
  Object.entries(weights)
    .map(([name, weight]) => `${name} ${weight}`)
    .join(", ") || "(redirect)";

function details(service: ServiceStatus): string {
  const { name, image, targets, instances, events } = service;
  const sick = targets.filter(({ health }) => health !== "healthy");
  return [
    name,
    `  image     ${image}`,
    `  Cloud Map ${instances.join(", ") || "no instance"}`,
    ...rollOutLines(service),
    ...sick.map(({ address, health, reason }) => `  ${address} ${health}${reason ? `: ${reason}` : ""}`),
    ...events.map((event) => `  ${event}`),
  ].join("\n");
}
