import { BY_USE, sum, type Cost } from "../cost.ts";
import { kindOf } from "../kinds/index.ts";
import type { Change } from "../plan/change.ts";
import { prices } from "../prices.ts";
import { table } from "./table.ts";

/** What would happen, a line for each resource. */
export function planTable(waves: Change[][]): string {
  const changes = waves.flat();
  const rows = changes.map(({ action, resource, steps }) => [
    action,
    kindOf(resource.kind).title,
    resource.name,
    String(steps.filter(({ type }) => type === "call").length),
  ]);
  const columns = [
    { title: "action" },
    { title: "kind" },
    { title: "name" },
    { title: "calls", align: "right" as const },
  ];
  return `${table(columns, rows)}\n\n${summary(changes)}`;
}

/** `87 to create`, … */
export function summary(changes: Change[]): string {
  const calls = changes.flatMap(({ steps }) => steps).filter(({ type }) => type === "call").length;
  return `${changes.length} to create, with ${calls} calls that change something.`;
}

/** The costs, a line for each resource, and what comes on top. */
export function costTable(costs: Cost[], region: string): string {
  const dollars = (amount: number) => amount.toFixed(2);
  const rows = [
    ...costs.map(({ id, what, monthly }) => [id, what, dollars(monthly)]),
    ["together", "", dollars(sum(costs))],
  ];
  const columns = [{ title: "resource" }, { title: "for" }, { title: "$ a month", align: "right" as const }];
  const elsewhere = region === prices.region ? "" : `; ${region} may be up to a third dearer`;
  return [
    table(columns, rows),
    "",
    `List prices of ${prices.region}, ${prices.date}, without tax${elsewhere}. On top, by use:`,
    ...BY_USE.map((line) => `  ${line}`),
  ].join("\n");
}

/** The same for programs. */
export const planJson = (waves: Change[][], costs: Cost[]) => ({
  waves: waves.map((wave) =>
    wave.map(({ action, resource, steps }) => ({ action, id: resource.id, after: resource.after, steps })),
  ),
  costs,
  monthly: Number(sum(costs).toFixed(2)),
  prices: { date: prices.date, region: prices.region, currency: "USD" },
});
