/** Random sequences of calls are answered alike by a forum whose modules move and by one that stands still. */
import assert from "node:assert/strict";
import { it } from "node:test";
import type { Side } from "../../services/chassis/src/ownership/standing.ts";
import type { Target } from "../contract/forum.ts";
import { compareSequences } from "../contract/sequences.ts";
import { startForum, type TestForum } from "../support/forum.ts";
import { MODULES, type Module } from "./history.ts";
import { moduleNamed, startMovingForum } from "./moving-forum.ts";
import { randomFrom } from "./random.ts";

const { SEED = "1", RUNS = "4" } = process.env;
const moving = await startMovingForum();
// Wrong logins are part of the sequences.
const standing = await startForum(["monolith"], { LOGIN_FAILURES_PER_ADDRESS: "100000", LOG_LEVEL: "warn" });

const targetOf = ({ url, secrets }: TestForum): Target => ({
  url,
  moderator: { username: "moderator", password: secrets.moderatorPassword },
  tokenKeys: secrets.tokenKeys,
});

it("a forum on the move answers random sequences of calls like one that stands still", async () => {
  const random = randomFrom(Number(SEED));
  const at = new Map<Module, Side>();
  let moves = 0;
  let isOver = false;
  const keepMoving = async () => {
    while (!isOver) {
      const module = random.pick(MODULES)!;
      const to: Side = at.get(module) === "service" ? "monolith" : "service";
      at.set(module, to);
      await moving.move(module, to);
      await moving.target.shift(moduleNamed(module), random.below(101));
      moves += 1;
    }
  };
  const compare = async () => {
    const sides = { left: targetOf(standing), right: targetOf(moving) };
    await compareSequences({ ...sides, runs: Number(RUNS), seed: Number(SEED) }).finally(() => (isOver = true));
  };
  await Promise.all([compare(), keepMoving()]);
  assert.ok(moves > 0);
  console.log(`sequences on the move: ${RUNS} sequences, ${moves} moves meanwhile`);
});
