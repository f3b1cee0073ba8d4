import { figureColumns, table } from "../../infra/terminal/table.ts";
import type { Machine } from "./machine.ts";
import type { Measured } from "./rounds.ts";
import { ratios, spread, type Spread } from "./statistics.ts";
import type { Goal, Price, Work } from "./work.ts";

/** How one candidate did, over all rounds. */
export interface CandidateReport {
  name: string;
  perSecond: Spread;
  /** Milliseconds. */
  p50: Spread;
  p99: Spread;
  /** CPU time for one answer, microseconds. */
  cpu?: Spread;
}

/** Whether a goal was reached; ratios are taken round by round. */
export interface GoalReport extends Goal {
  /** Of requests a second. */
  ratio: Spread;
  p99Ratio: Spread;
  reached: boolean;
}

/** What something costs; differences of medians. */
export interface PriceReport extends Price {
  /** Milliseconds. */
  p50: number;
  /** Microseconds of CPU time for one answer. */
  cpu?: number;
}

export interface WorkReport {
  name: string;
  title: string;
  candidates: CandidateReport[];
  goals: GoalReport[];
  prices: PriceReport[];
}

export interface Report {
  machine: Machine;
  rounds: number;
  seconds: number;
  works: WorkReport[];
}

/** What the rounds of a work say. */
export function reportOf({ name, title, goals, prices = [] }: Work, measured: Measured[]): WorkReport {
  const candidates = measured.map(candidateReport);
  return {
    name,
    title,
    candidates,
    goals: goals.map((goal) => goalReport(goal, named(measured, goal.candidate), named(measured, goal.baseline))),
    prices: prices.map((price) => {
      const [one, other] = [named(candidates, price.candidate), named(candidates, price.without)];
      const cpu = one.cpu && other.cpu && { cpu: one.cpu.median - other.cpu.median };
      return { ...price, p50: one.p50.median - other.p50.median, ...cpu };
    }),
  };
}

function named<T extends { name: string }>(all: T[], name: string): T {
  const found = all.find((one) => one.name === name);
  if (!found) throw new Error(`There is no candidate "${name}"`);
  return found;
}

function candidateReport({ name, rounds }: Measured): CandidateReport {
  const cpu = rounds.flatMap((round) => round.cpu ?? []);
  return {
    name,
    perSecond: spread(rounds.map(({ perSecond }) => perSecond)),
    p50: spread(rounds.map(({ p50 }) => p50)),
    p99: spread(rounds.map(({ p99 }) => p99)),
    ...(cpu.length > 0 && { cpu: spread(cpu) }),
  };
}

function goalReport(goal: Goal, candidate: Measured, baseline: Measured): GoalReport {
  const compared = (key: "perSecond" | "p99") =>
    ratios(
      candidate.rounds.map((round) => round[key]),
      baseline.rounds.map((round) => round[key]),
    );
  const [ratio, p99Ratio] = [compared("perSecond"), compared("p99")];
  const reached = ratio.median >= (goal.atLeast ?? 0) && p99Ratio.median <= (goal.p99AtMost ?? Infinity);
  return { ...goal, ratio, p99Ratio, reached };
}

/** The report as a table for people. */
export function tableOf({ machine, rounds, seconds, works }: Report): string {
  const { processor, cores, memory, system, node, pinned, commit, date, loadBefore } = machine;
  return [
    `${processor}, ${cores} cores, ${memory}; ${system}, Node ${node}; ${date}, ${commit}`,
    `${rounds} rounds of ${seconds} s each; ${pinned ? "server and load generator on a core each" : "no cores reserved"}; load before ${loadBefore.toFixed(2)}`,
    ...works.map(workTable),
  ].join("\n");
}

function workTable({ title, candidates, goals, prices }: WorkReport): string {
  const columns = figureColumns(title, ["requests/s", "min–max", "p50 ms", "p99 ms", "CPU µs each"]);
  const rows = candidates.map(({ name, perSecond, p50, p99, cpu }) => [
    name,
    perSecond.median.toFixed(0),
    `${perSecond.min.toFixed(0)}–${perSecond.max.toFixed(0)}`,
    p50.median.toFixed(2),
    p99.median.toFixed(2),
    cpu?.median.toFixed(0) ?? "–",
  ]);
  const lines = [...table(columns, rows).split("\n"), ...goals.map(goalLine), ...prices.map(priceLine)];
  return ["", ...lines.map((line) => `  ${line}`)].join("\n");
}

function goalLine({ candidate, baseline, atLeast, p99AtMost, ratio, p99Ratio, reached }: GoalReport): string {
  const requests = atLeast === undefined ? [] : [`${times(ratio)} its requests/s (goal: ${atLeast})`];
  const p99 = p99AtMost === undefined ? [] : [`${times(p99Ratio)} its p99 (goal: at most ${p99AtMost})`];
  return `${reached ? "reached" : "missed "}  ${candidate} against ${baseline}: ${[...requests, ...p99].join(", ")}`;
}

function priceLine({ of, candidate, without, p50, cpu }: PriceReport): string {
  const time = cpu === undefined ? "" : ` and ${cpu.toFixed(0)} µs of CPU time`;
  return `price    ${of}: ${p50.toFixed(2)} ms${time} (${candidate} less ${without})`;
}

const times = ({ median, min, max }: Spread): string => `${median.toFixed(2)} × (${min.toFixed(2)}–${max.toFixed(2)})`;
