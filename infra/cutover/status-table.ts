import { table, type Column } from "../terminal/table.ts";
import { other } from "./database/ownership.ts";
import type { ModuleStatus } from "./steps/status.ts";

/** A module's status, and how many percent of its requests go to the service first. */
export interface Shown extends ModuleStatus {
  percent: number;
}

const COLUMNS: Column[] = [
  ...[{ title: "module" }, { title: "owner" }, { title: "copy" }],
  ...(["lag", "age", "rows: monolith", "service"] as const).map((title) => ({ title, align: "right" as const })),
  ...[{ title: "requests" }, { title: "next" }],
];

/** The status of modules as a table, warnings below it. */
export function statusTable(all: readonly Shown[]): string {
  const rows = all.map((one) => {
    const follower = one.owner === "monolith" || one.owner === "service" ? other(one.owner) : undefined;
    const following = follower && one.following[follower];
    return [
      ...[one.module, one.owner, copyOf(one), following ? bytes(following.lag) : "-"],
      one.seconds === undefined ? "-" : `${one.seconds.toFixed(1)} s`,
      ...[String(one.rows.monolith), String(one.rows.service), `${one.percent} % to the service`, nextOf(one)],
    ];
  });
  const warnings = all.flatMap(({ module, warnings }) => warnings.map((warning) => `! ${module}: ${warning}`));
  return [table(COLUMNS, rows), ...warnings].join("\n");
}

function copyOf({ linked, following }: ModuleStatus): string {
  if (linked) return "whole";
  return Object.keys(following).length > 0 ? "begun" : "none";
}

/** What to do next on the way to the service. */
function nextOf({ module, owner, linked, percent }: Shown): string {
  if (owner === "apart") return "two worlds side by side: nothing to move";
  if (owner === "nobody") return `handover ${module}`;
  if (owner === "service") return linked ? `retire ${module}, or back ${module}` : "retired";
  if (!linked) return `prepare ${module}`;
  return percent < 100 ? `verify ${module}, shift ${module} 100` : `handover ${module}`;
}

const bytes = (count: number): string => (count < 1024 ? `${count} B` : `${Math.round(count / 1024)} kB`);
