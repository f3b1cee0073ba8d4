import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import type { Target } from "./forum.ts";
import { createPlayer } from "./player.ts";
import { sequence } from "./steps.ts";

export interface Comparison {
  left: Target;
  right: Target;
  /** How many sequences. */
  runs: number;
  /** Most calls of a sequence; 200 unless given. */
  length?: number;
  /** For the same sequences again; the failure of a run names it. */
  seed?: number;
}

/** Milliseconds that a sequence may take, and that the search for a shorter one may take after a failure. */
const PATIENCE = { run: 20_000, search: 120_000 };

/**
 * Plays the same random sequences of calls on two forums and compares every answer: neither is the model of the other.
 * Nobody else may write to them meanwhile. Rejects with the seed and the shortest sequence found that tells them apart.
 */
export async function compareSequences({ left, right, runs, length = 200, seed }: Comparison): Promise<void> {
  const players = [createPlayer(left), createPlayer(right)] as const;
  const property = fc.asyncProperty(sequence(length), async (steps) => {
    const name = `s${randomBytes(6).toString("hex")}`;
    await Promise.all(players.map((player) => player.begin(name)));
    for (const [index, step] of steps.entries()) {
      const [one, other] = await Promise.all(players.map((player) => player.play(step)));
      assert.deepEqual(other, one, `call ${index + 1} of ${steps.length}: ${fc.stringify(step).slice(0, 1000)}`);
    }
  });
  await fc.assert(property, {
    ...{ numRuns: runs, markInterruptAsFailure: true },
    interruptAfterTimeLimit: runs * PATIENCE.run + PATIENCE.search,
    ...(seed !== undefined && { seed }),
  });
}
