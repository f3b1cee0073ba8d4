import type { HttpRequest } from "./load.ts";
import type { Server } from "./server.ts";
import type { BenchWorld } from "./world.ts";

/** One of several that do the same work. */
export interface Candidate {
  name: string;
  /** Where it is asked. */
  url: string;
  requests: HttpRequest[];
  /** Processes whose CPU time counts as its own. */
  processes: Server[];
}

/** What one candidate has to reach against another in the same rounds. */
export interface Goal {
  candidate: string;
  baseline: string;
  /** Requests a second: at least so many times the baseline's. */
  atLeast?: number;
  /** p99: at most so many times the baseline's. */
  p99AtMost?: number;
}

/** What something costs: what a candidate needs more than another that does without. */
export interface Price {
  of: string;
  candidate: string;
  without: string;
}

export interface Work {
  /** As `--only` takes it. */
  name: string;
  title: string;
  connections: number;
  goals: Goal[];
  prices?: Price[];
  /** Starts the candidates, in the order in which they take turns. */
  start(world: BenchWorld): Promise<Candidate[]>;
}

/** `count` numbers from 1 to `most`, spread over all of them; the same ones at each run. */
export const someIds = (count: number, most: number): number[] =>
  // Steps by a prime visit every number before one comes again.
  Array.from({ length: count }, (_, n) => 1 + ((n * 7919) % most));
