/** What became of the requests of a load: answers by status, connections that broke, and the slowest answer. */
export interface Outcome {
  statuses: Record<number, number>;
  broken: string[];
  slowest: number;
  total: number;
}

export interface Load {
  readonly outcome: Outcome;
  /** Lets the requests under way finish. */
  stop(): Promise<Outcome>;
}

/**
 * Keeps `clients` requests under way at any time, each client's next after its last.
 * @param attempt sends one request; `n` counts them
 */
export function startLoad(clients: number, attempt: (n: number) => Promise<{ status: number; ms: number }>): Load {
  const outcome: Outcome = { statuses: {}, broken: [], slowest: 0, total: 0 };
  let stopped = false;
  const client = async () => {
    while (!stopped) {
      try {
        const { status, ms } = await attempt(++outcome.total);
        outcome.statuses[status] = (outcome.statuses[status] ?? 0) + 1;
        outcome.slowest = Math.max(outcome.slowest, ms);
      } catch (error) {
        outcome.broken.push(String(error));
      }
    }
  };
  const running = Array.from({ length: clients }, client);
  return {
    outcome,
    async stop() {
      stopped = true;
      await Promise.all(running);
      return outcome;
    },
  };
}
