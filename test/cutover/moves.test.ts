/** Modules move while 20 clients use the forum: no request fails, and nothing is lost, doubled or seen backwards. */
import { describe, it } from "node:test";
import { MODULES, type Module } from "./history.ts";
import { startMovingForum } from "./moving-forum.ts";
import { randomFrom } from "./random.ts";
import { assertOnlyFailed, trial } from "./trial.ts";

const SEED = Number(process.env["SEED"] ?? 1);
const forum = await startMovingForum();

describe("modules on the move", () => {
  /** There and back. */
  const roundTrips = async (module: Module, times: number): Promise<number[]> => {
    const stalls: number[] = [];
    for (let time = 0; time < times; time++) {
      stalls.push(await forum.move(module, "service"), await forum.move(module, "monolith"));
    }
    return stalls;
  };

  it("each three times there and back, one after the other", async () => {
    const work = async () => {
      const stalls: number[] = [];
      for (const module of MODULES) stalls.push(...(await roundTrips(module, 3)));
      return stalls;
    };
    assertOnlyFailed(await trial(forum, { name: "three times each", seed: SEED * 10 }, work), []);
  });

  it("all at once, three times there and back", async () => {
    const work = async () => (await Promise.all(MODULES.map((module) => roundTrips(module, 3)))).flat();
    assertOnlyFailed(await trial(forum, { name: "all at once", seed: SEED * 10 + 1 }, work), []);
  });

  it("in a random order, with two tasks of each side", async () => {
    for (const name of ["monolith", ...MODULES]) {
      const { url } = await forum.startAnother(name);
      forum.gateway.addTarget(name, url);
    }
    const random = randomFrom(SEED);
    const at = new Map<Module, "monolith" | "service">(MODULES.map((module) => [module, "monolith"]));
    const work = async () => {
      const stalls: number[] = [];
      for (let n = 0; n < 8; n++) {
        const module = random.pick(MODULES)!;
        at.set(module, at.get(module) === "service" ? "monolith" : "service");
        stalls.push(await forum.move(module, at.get(module)!));
      }
      return stalls;
    };
    assertOnlyFailed(await trial(forum, { name: "in a random order", seed: SEED * 10 + 2 }, work), []);
  });
});
