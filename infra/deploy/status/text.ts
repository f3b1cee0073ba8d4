import { table } from "../output/table.ts";
import type { ServiceStatus, Status } from "./read.ts";

/** The status for people. */
export function statusText({ environment, url, rules, services }: Status): string {
  if (!url && services.length === 0)
    return `${environment}: nothing is deployed. To deploy: npm run infra -- deploy --env ${environment}`;
  const right = "right" as const;
  return [
    `${environment}: ${url ?? "no load balancer"}`,
    table(
      [{ title: "service" }, { title: "running" }, { title: "healthy" }, { title: "revision" }, { title: "roll-out" }],
      services.map((one) => [one.name, counts(one), healthy(one), one.taskDefinition, one.rollout]),
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

const weightText = (weights: Record<string, number>): string =>
  Object.entries(weights)
    .map(([name, weight]) => `${name} ${weight}`)
    .join(", ") || "(redirect)";

function details({ name, image, targets, instances, events }: ServiceStatus): string {
  const sick = targets.filter(({ health }) => health !== "healthy");
  return [
    name,
    `  image     ${image}`,
    `  Cloud Map ${instances.join(", ") || "no instance"}`,
    ...sick.map(({ address, health, reason }) => `  ${address} ${health}${reason ? `: ${reason}` : ""}`),
    ...events.map((event) => `  ${event}`),
  ].join("\n");
}
