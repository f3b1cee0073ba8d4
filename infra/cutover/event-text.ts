import { durationText } from "./duration.ts";
import type { CutoverEvent, StepEvent, VerifiedEvent } from "./events.ts";

/** What happened, in words for people; undefined for what comes many times a minute. */
export function eventText(event: CutoverEvent): string | undefined {
  switch (event.type) {
    case "step":
      return stepText(event);
    case "weights": {
      const { module, percent, reason } = event;
      return `${module}: ${percent} % of the requests go to the service${reason === undefined ? "" : ` (${reason})`}`;
    }
    case "handover":
      return `${event.module}: handed over to the ${event.to}; writes waited ${durationText(event.stall)}`;
    case "verified":
      return verifiedText(event);
    case "outcome": {
      const { requests, failed, lost, doubled, longestStall } = event;
      const counts = `${counted(requests, "request")}, ${count(failed)} failed, ${counted(lost, "write")} lost, ${count(doubled)} doubled`;
      return `${counts}; the longest wait of a write was ${durationText(longestStall)}`;
    }
    default:
      return undefined;
  }
}

function stepText({ module, step, state, ms, detail }: StepEvent): string | undefined {
  const took = ms === undefined ? "" : ` in ${durationText(ms)}`;
  const more = detail === undefined ? "" : ` (${detail})`;
  switch (state) {
    case "planned":
      return undefined;
    case "started":
      return `${module} ${step}: started${more}`;
    case "done":
      return `${module} ${step}: done${took}${more}`;
    case "skipped":
      return `${module} ${step}: nothing to do${more}`;
    default:
      return `${module} ${step}: failed${detail === undefined ? took : `: ${detail}`}`;
  }
}

/** So many differences are named; the rest is counted. */
const NAMED = 3;

function verifiedText({ module, rows, answers, differences }: VerifiedEvent): string {
  if (differences.length === 0)
    return `${module}: ${counted(rows, "row")} and ${counted(answers, "answer")} are the same`;
  const more = differences.length > NAMED ? `; and ${count(differences.length - NAMED)} more` : "";
  return `${module}: ${counted(differences.length, "difference")}: ${differences.slice(0, NAMED).join("; ")}${more}`;
}

/** Whether it is something that somebody has to look at. */
export const isBad = (event: CutoverEvent): boolean =>
  (event.type === "step" && event.state === "failed") ||
  (event.type === "verified" && event.differences.length > 0) ||
  (event.type === "weights" && event.reason !== undefined) ||
  (event.type === "outcome" && event.failed + event.lost + event.doubled > 0);

const NUMBER = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** `12,345`. */
export const count = (value: number): string => NUMBER.format(value);

/** `1 write`, `12,345 writes`. */
export const counted = (value: number, what: string): string => `${count(value)} ${what}${value === 1 ? "" : "s"}`;

/** `980 B`, `12.3 kB`, `4.0 MB`. */
export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return power === 0 ? `${Math.round(bytes)} B` : `${(bytes / 1000 ** power).toFixed(1)} ${units[power]}`;
}
