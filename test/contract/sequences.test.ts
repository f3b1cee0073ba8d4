/** Random sequences of calls: the monolith and the services answer every one alike. */
import { after, before, describe, it } from "node:test";
import { startForums, type Forums } from "./forums.ts";
import { compareSequences } from "./sequences.ts";

// The same sequences at every run, so that a failure is one of the change at hand; SEED=… plays others, RUNS=… more.
const { SEED = "1", RUNS = "10" } = process.env;

describe("monolith and services", () => {
  let forums: Forums;
  // Wrong logins are part of the sequences, also of the many that look for a shorter one.
  before(async () => (forums = await startForums({ LOGIN_FAILURES_PER_ADDRESS: "100000" })));
  after(() => forums.stop());

  it("answer random sequences of calls alike", async () => {
    const { monolith: left, services: right } = forums;
    await compareSequences({ left, right, runs: Number(RUNS), seed: Number(SEED) });
  });
});
