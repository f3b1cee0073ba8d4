import { table } from "../../terminal/table.ts";
import { BY_USE, sum, type Cost } from "../cost.ts";
import { kindOf } from "../kinds/index.ts";
import type { Difference } from "../differences.ts";
import { callsOf, type Change } from "../plan/change.ts";
import { prices } from "../prices.ts";
import { valueText } from "./calls.ts";

/** What would happen, a line for each resource, and below it what differs. */
export function planTable(changes: readonly Change[]): string {
  if (changes.length === 0) return "Nothing to do: everything is as it should be.";
  const rows = changes.map((change) => [
    change.action,
    kindOf(change.kind).title,
    change.name,
    String(callsOf([change])),
  ]);
  const columns = [
    { title: "action" },
    { title: "kind" },
    { title: "name" },
    { title: "calls", align: "right" as const },
  ];
  const differing = changes.flatMap(({ id, differences }) => differences.map((one) => differenceText(id, one)));
  return [table(columns, rows), ...(differing.length > 0 ? [differing.join("\n")] : []), summary(changes)].join("\n\n");
}

const differenceText = (id: string, { key, is, wanted }: Difference): string =>
  `${id}: ${key} is ${valueText(is)}, should be ${valueText(wanted)}`;

/** `87 to create, 1 to change, with 120 calls that change something.` */
export function summary(changes: readonly Change[]): string {
  const actions = ["create", "change", "replace", "delete", "wait"] as const;
  const counts = actions
    .map((action) => ({ action, count: changes.filter((change) => change.action === action).length }))
    .filter(({ count }) => count > 0)
    .map(({ action, count }) => `${count} to ${action === "wait" ? "wait for" : action}`);
  return `${counts.join(", ")}, with ${callsOf(changes)} calls that change something.`;
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
export const planJson = (changes: readonly Change[], costs: Cost[]) => ({
  changes,
  costs,
  monthly: Number(sum(costs).toFixed(2)),
  prices: { date: prices.date, region: prices.region, currency: "USD" },
});
