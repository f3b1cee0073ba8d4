/**
 * Nothing moves, but copies are asked as often as owners, and fall behind again and again: sessions that keep their
 * cookies notice nothing of it, whichever module is where.
 */
import { describe, it } from "node:test";
import type { Side } from "../../services/chassis/src/ownership/standing.ts";
import { pauseReplication } from "./faults.ts";
import { MODULES, type Outcome } from "./history.ts";
import { moduleNamed, startMovingForum } from "./moving-forum.ts";
import { randomFrom } from "./random.ts";
import { assertOnlyFailed, trial } from "./trial.ts";

const { SEED = "1", RUNS = "1" } = process.env;
const forum = await startMovingForum();

/**
 * Where users, threads and posts are, and how requests may fail: the monolith's foreign keys need the thread of a new post
 * in its own database, so a post into a thread that is not there yet may have to come again.
 */
const STATES: { at: [Side, Side, Side]; allowed: Outcome[] }[] = [
  { at: ["monolith", "monolith", "service"], allowed: [] },
  { at: ["service", "service", "monolith"], allowed: ["unavailable"] },
];

/** Milliseconds for which a copy gets nothing new at most: longer than it may answer anybody. */
const LAG = 3000;

describe("copies that fall behind", () => {
  for (const [index, { at, allowed }] of STATES.entries()) {
    const name = MODULES.map((module, place) => `${module}@${at[place]}`).join(" ");
    it(name, async () => {
      const random = randomFrom(Number(SEED) + index);
      for (const [place, module] of MODULES.entries()) {
        await forum.target.step("prepare", moduleNamed(module), {}, () => {});
        await forum.move(module, at[place]!);
        await forum.target.shift(moduleNamed(module), 50);
      }
      const work = async () => {
        for (let pause = 0; pause < 8 * Number(RUNS); pause++) {
          await pauseReplication(forum, random.pick(MODULES)!, random.below(LAG));
        }
        return [];
      };
      const seed = Number(SEED) * 10 + index;
      assertOnlyFailed(await trial(forum, { name: `lagging copies, ${name}`, seed }, work), allowed);
    });
  }
});
