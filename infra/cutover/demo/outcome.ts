/** What the demo has found, for people and for programs. */
import { durationText } from "../duration.ts";
import { count } from "../event-text.ts";
import type { OutcomeEvent } from "../events.ts";
import { modules } from "../module.ts";
import { longestWrite, p99Between } from "./samples.ts";
import type { Seen } from "./tour.ts";

export interface Outcome {
  clients: number;
  /** Of load, without the log-in. */
  seconds: number;
  requests: number;
  writes: number;
  /** Acknowledged ones. */
  acknowledged: number;
  failed: number;
  lost: number;
  doubled: number;
  /** Reads that showed something older than what their own session had written before. */
  stale: number;
  /** Milliseconds. */
  longestWrite: number;
  p99: { before: number; during: number; after: number };
  copied: { rows: number; ms: number; rowsPerSecond: number };
  /** By module: for how many milliseconds the writers waited, each time that it moved. */
  handovers: Record<string, number[]>;
  verified: { times: number; rows: number; answers: number; differences: number };
  answeredBy: { monolith: number; service: number };
  /** The first of what went wrong, in words. */
  wrong: string[];
}

const LISTED = 10;

export function outcomeOf({ load, audit, events, copies, times }: Seen, clients: number): Outcome {
  const { samples } = load;
  const { loaded, firstStep, lastStep, end } = times;
  const servedBy = (side: string) => samples.filter(({ servedBy }) => servedBy.endsWith(`@${side}`)).length;
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const [rows, ms] = [sum(copies.map((copy) => copy.rows)), sum(copies.map((copy) => copy.ms))];
  const handovers = events.filter((event) => event.type === "handover");
  const verified = events.filter((event) => event.type === "verified");
  return {
    clients,
    seconds: (end - loaded) / 1000,
    requests: samples.length,
    writes: samples.filter(({ write }) => write).length,
    acknowledged: load.ledger.acknowledged,
    failed: load.failures.length,
    lost: audit.lost.length,
    doubled: audit.doubled.length,
    stale: load.stale().length,
    longestWrite: longestWrite(samples)?.ms ?? 0,
    p99: {
      before: p99Between(samples, loaded, firstStep),
      during: p99Between(samples, firstStep, lastStep),
      after: p99Between(samples, lastStep, end),
    },
    copied: { rows, ms, rowsPerSecond: ms === 0 ? 0 : Math.round((rows * 1000) / ms) },
    handovers: Object.fromEntries(
      modules.map(({ name }) => [name, handovers.filter(({ module }) => module === name).map(({ stall }) => stall)]),
    ),
    verified: {
      times: verified.length,
      rows: sum(verified.map((event) => event.rows)),
      answers: sum(verified.map((event) => event.answers)),
      differences: sum(verified.map((event) => event.differences.length)),
    },
    answeredBy: { monolith: servedBy("monolith"), service: servedBy("service") },
    wrong: [...load.failures, ...audit.lost, ...audit.doubled, ...load.stale()].slice(0, LISTED),
  };
}

/** Whether the demo has shown what it is to show. */
export const isGood = ({ failed, lost, doubled, stale, verified }: Outcome): boolean =>
  failed + lost + doubled + stale + verified.differences === 0;

export const outcomeEvent = ({ requests, failed, lost, doubled, longestWrite }: Outcome): OutcomeEvent => ({
  type: "outcome",
  ...{ requests, failed, lost, doubled, longestStall: longestWrite },
});

/** The outcome in lines of a title and what there is to say. */
export function outcomeLines(outcome: Outcome, report: string): string[] {
  const { clients, seconds, requests, writes, acknowledged, lost, doubled, p99, copied, verified, answeredBy } =
    outcome;
  const stalls = Object.entries(outcome.handovers).map(
    ([module, all]) => `${module} ${all.map((stall) => Math.round(stall)).join(", ")}`,
  );
  const lines: [string, string][] = [
    [
      "requests",
      `${count(requests)} by ${clients} clients in ${durationText(seconds * 1000)}, ${count(writes)} of them writes`,
    ],
    ["answered", `${count(answeredBy.monolith)} by the monolith, ${count(answeredBy.service)} by the services`],
    ["failed", `${count(outcome.failed)}; reads behind their own session: ${count(outcome.stale)}`],
    ["lost", `${count(lost)} of ${count(acknowledged)} acknowledged writes; doubled: ${count(doubled)}`],
    ["longest", `${durationText(outcome.longestWrite)}: the longest that a write took`],
    ["p99", `${durationText(p99.before)} before, ${durationText(p99.during)} during, ${durationText(p99.after)} after`],
    ["copied", `${count(copied.rows)} rows in ${durationText(copied.ms)}: ${count(copied.rowsPerSecond)} rows/s`],
    ["handovers", `writes waited, in ms: ${stalls.join("; ")}`],
    [
      "verified",
      `${verified.times} times, ${count(verified.rows)} rows and ${count(verified.answers)} answers: ${count(verified.differences)} differences`,
    ],
    ["report", report],
  ];
  return [...lines.map(([title, text]) => `${title.padEnd(10)} ${text}`), ...outcome.wrong.map((line) => `! ${line}`)];
}
