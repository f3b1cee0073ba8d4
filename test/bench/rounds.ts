import type { LoadGenerator } from "./load.ts";
import type { Candidate, Work } from "./work.ts";

/** What one candidate did in one round. */
export interface Figures {
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** CPU time of its processes for one answer in microseconds, where the system tells. */
  cpu?: number;
}

/** The figures of one candidate, a round each. */
export interface Measured {
  name: string;
  rounds: Figures[];
}

export interface RoundOptions {
  /** Rounds before, not counted: in them V8 compiles what is hot, and the more code a candidate has, the longer it takes. */
  warmUp: number;
  rounds: number;
  /** Seconds for which a candidate is under load in one round. */
  seconds: number;
  load: LoadGenerator;
  say: (what: string) => void;
}

/**
 * Lets the candidates of a work take turns, A B C A B C, so that whatever slows the machine down for a while slows
 * down all of them.
 */
export async function measure(work: Work, candidates: Candidate[], options: RoundOptions): Promise<Measured[]> {
  const { warmUp, rounds, say } = options;
  const measured = candidates.map(({ name }): Measured => ({ name, rounds: [] }));
  for (let round = 1 - warmUp; round <= rounds; round++) {
    for (const [i, candidate] of candidates.entries()) {
      const figures = await turn(candidate, work.connections, options);
      const name = round <= 0 ? "warm-up" : `round ${round} of ${rounds}`;
      say(`${work.title}, ${name}: ${candidate.name} ${Math.round(figures.perSecond)} requests/s`);
      if (round > 0) measured[i]!.rounds.push(figures);
    }
  }
  return measured;
}

async function turn(
  { url, requests, processes }: Candidate,
  connections: number,
  { load, seconds }: RoundOptions,
): Promise<Figures> {
  const cpu = async () => {
    const each = await Promise.all(processes.map((server) => server.cpu()));
    return each.reduce((sum, ms) => (sum === undefined || ms === undefined ? undefined : sum + ms), 0);
  };
  const before = await cpu();
  const { answers, perSecond, p50, p99 } = await load.run({ url, requests, connections, seconds });
  const after = await cpu();
  const used = before === undefined || after === undefined ? undefined : ((after - before) * 1000) / answers;
  return { perSecond, p50, p99, ...(used !== undefined && { cpu: used }) };
}
