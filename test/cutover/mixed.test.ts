/**
 * Every mixed state, each module with the monolith or with its service, keeps the contract: whoever the balancer asks
 * first, for clients that keep their cookies.
 */
import { before, describe } from "node:test";
import type { Side } from "../../services/chassis/src/ownership/standing.ts";
import { contractSuite } from "../contract/suite.ts";
import { MODULES } from "./history.ts";
import { moduleNamed, startMovingForum } from "./moving-forum.ts";

const forum = await startMovingForum();

/** In an order in which one module moves from each state to the next. */
const STATES = [0b000, 0b001, 0b011, 0b010, 0b110, 0b111, 0b101, 0b100].map((bits) =>
  MODULES.map((_module, index): Side => (bits & (1 << index) ? "service" : "monolith")),
);

/** Both sides of every module are asked, whoever owns it. */
const PERCENT = 50;

for (const state of STATES) {
  const name = MODULES.map((module, index) => `${module}@${state[index]}`).join(" ");
  describe(name, () => {
    before(async () => {
      for (const [index, module] of MODULES.entries()) {
        // In the first state too there is a copy to read from.
        await forum.target.step("prepare", moduleNamed(module), {}, () => {});
        await forum.move(module, state[index]!);
        await forum.target.shift(moduleNamed(module), PERCENT);
      }
    });
    contractSuite(name, () => ({
      url: forum.url,
      moderator: forum.moderator,
      tokenKeys: forum.secrets.tokenKeys,
    }));
  });
}
