/** Whenever the deploying process dies, the next one finishes the job. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { execa } from "execa";
import * as fc from "fast-check";
import { callsOf } from "../../infra/deploy/plan/change.ts";
import { planOnline } from "../../infra/deploy/session.ts";
import { startAwsProxy, type AwsProxy } from "./aws-proxy.ts";
import { deployable, idsOf, session, startMoto, type Moto } from "./moto.ts";
import { createReaper } from "./process-death.ts";
import { assertSameOnce } from "./support.ts";

const environment = deployable();
const program = path.join(import.meta.dirname, "process-death-child.ts");
/** Deaths at most: several times the longest row of dependencies. */
const MOST_DEATHS = 150;

/** Whether a call is made before its process dies: mostly, for then nobody knows of it. */
const draw = fc.oneof({ weight: 8, arbitrary: fc.constant(true) }, { weight: 2, arbitrary: fc.constant(false) });
const draws = fc.sample(draw, { numRuns: 5000, seed: Number(process.env["SEED"] ?? 1) });
const reaper = createReaper(() => draws.pop() ?? true);
let moto: Moto;
let proxy: AwsProxy;
before(async () => {
  // Compiled code is kept by a process that ends in peace, and spares the many others half of their time.
  process.env["NODE_COMPILE_CACHE"] = await mkdtemp(path.join(os.tmpdir(), "compile-cache-"));
  moto = await startMoto();
  proxy = await startAwsProxy(moto.url, reaper.between);
});
after(async () => {
  await proxy.stop();
  await moto.stop();
  await rm(process.env["NODE_COMPILE_CACHE"]!, { recursive: true });
});

/** Runs a verb in processes of its own until one has survived, through the proxy that lets them die. */
async function survive(verb: string): Promise<number> {
  process.env["AWS_ENDPOINT_URL"] = proxy.url;
  const deaths = await reaper.runUntilSurvived([program, verb, JSON.stringify(environment)], MOST_DEATHS);
  process.env["AWS_ENDPOINT_URL"] = moto.url;
  return deaths;
}

test("every call of a deploy is once the last of its process; the next ones converge to the same state", async (t) => {
  const planned = callsOf((await planOnline(session(), environment)).changes);
  await execa(process.execPath, [program, "deploy", JSON.stringify(environment)]);
  const expected = await idsOf(session(), environment);
  await moto.reset();

  const deaths = await survive("deploy");
  t.diagnostic(`${deaths} deaths in the middle of ${reaper.fatal.size} calls, ${reaper.unmade} times before one`);
  assert.ok(reaper.fatal.size >= planned, `${reaper.fatal.size} of ${planned} calls`);
  assert.deepEqual((await planOnline(session(), environment)).changes, []);
  assertSameOnce(await idsOf(session(), environment), expected);
});

test("so with destroy: nothing is left", async (t) => {
  const deaths = await survive("destroy");
  t.diagnostic(`${deaths} deaths`);
  assert.ok(deaths > 5);
  assert.deepEqual(await idsOf(session(), environment), []);
});
