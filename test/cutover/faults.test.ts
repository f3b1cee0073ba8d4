/**
 * Modules move under load while something goes wrong: what was acknowledged is there once, and after the next run of the
 * same command the module is where it should be. SEED=… chooses other instants, RUNS=… how often each fault strikes.
 */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, it } from "node:test";
import type { Side } from "../../services/chassis/src/ownership/standing.ts";
import { FAULTS, pauseReplication, type Fault } from "./faults.ts";
import { MODULES, type Module } from "./history.ts";
import { moduleNamed, startMovingForum } from "./moving-forum.ts";
import { randomFrom } from "./random.ts";
import { startSqlProxy, type SqlProxy } from "./sql-proxy.ts";
import { startTool } from "./tool.ts";
import { assertOnlyFailed, trial } from "./trial.ts";

const { SEED = "1", RUNS = "1" } = process.env;
const random = randomFrom(Number(SEED));

let proxy!: SqlProxy;
const forum = await startMovingForum(async (port) => {
  proxy = await startSqlProxy(port);
  return proxy.port;
});

/** Where the modules are: faults find them on either side. */
const at = new Map<Module, Side>(MODULES.map((module) => [module, "monolith"]));
const nextMove = () => {
  const module = random.pick(MODULES)!;
  const to: Side = at.get(module) === "service" ? "monolith" : "service";
  at.set(module, to);
  return { module, to };
};

/** An outbox waits for a recipient that has been killed; its five seconds begin when that is back. */
const PROMISES = { grace: 30_000 };

/** Milliseconds within which a fault strikes after a move has begun. */
const MOVE = 3000;

/** Milliseconds for which the copy of a module gets nothing while its handover begins. */
const BEHIND = 1000;

async function ownerOf(module: Module): Promise<string> {
  const status = await forum.target.step("status", moduleNamed(module), {}, () => {});
  return status.owner;
}

/** Statements that a run of the tool has, about; some of them wait, and are sent again. */
const STATEMENTS = 60;

/** Runs the tool, and kills it at some statement; gives how it ended. */
async function killedRun(verb: string, module: Module): Promise<number | string> {
  const [n, arrives] = [1 + random.below(STATEMENTS), random.below(2) === 0];
  const run = startTool(forum, verb, module);
  proxy.strikeAt(n, run.kill, arrives);
  const how = await run.ended;
  proxy.hold();
  assert.ok(how === "SIGKILL" || how === 0, `${verb} ${module} was to be killed at statement ${n}:\n${run.text()}`);
  return how;
}

/**
 * Does something during which one connection is cut at a statement, and does it again.
 * @param arrives whether the statement still gets through
 * @returns whether it had that many statements
 */
async function cutOff(statement: number, arrives: boolean, work: () => Promise<unknown>): Promise<boolean> {
  let wasCut = false;
  proxy.strikeAt(statement, () => (wasCut = true), arrives);
  await work().catch((error: unknown) => assert.ok(wasCut, `failed without a cut: ${String(error)}`));
  proxy.hold();
  await work();
  return wasCut;
}

describe("modules on the move, and something goes wrong", () => {
  it("the tool is killed at some statements, again and again", async () => {
    let kills = 0;
    const work = async () => {
      for (const module of MODULES) {
        for (const [verb, to, deaths] of [
          ["to", "service", 3],
          ["back", "monolith", 1],
        ] as const) {
          for (let death = 0; death < deaths * Number(RUNS); death++) {
            if ((await killedRun(verb, module)) === "SIGKILL") kills += 1;
          }
          const last = startTool(forum, verb, module);
          assert.equal(await last.ended, 0, `${verb} ${module}, after its deaths:\n${last.text()}`);
          assert.equal(await ownerOf(module), to);
        }
      }
      return [];
    };
    const result = await trial(forum, { name: "the tool is killed", seed: Number(SEED) * 100, ...PROMISES }, work);
    console.log(`  killed ${kills} times`);
    assert.ok(kills > 0);
    assertOnlyFailed(result, ["unavailable"]);
  });

  it("one of the tool's connections is cut at some statement of a move", async () => {
    const work = async () => {
      for (let run = 0; run < 3 * Number(RUNS); run++) {
        const { module, to } = nextMove();
        await cutOff(1 + random.below(STATEMENTS), random.below(2) === 0, () => forum.move(module, to));
        assert.equal(await ownerOf(module), to);
      }
      return [];
    };
    const result = await trial(
      forum,
      { name: "the tool is cut off", seed: Number(SEED) * 100 + 50, ...PROMISES },
      work,
    );
    assertOnlyFailed(result, ["unavailable"]);
  });

  it("one of the tool's connections is cut at one statement of a handover after another", async () => {
    // A third of them; which one, the seed says.
    let statement = (Number(SEED) % 3) - 2;
    const work = async () => {
      for (let wasCut = true; wasCut;) {
        statement += 3;
        const { module, to } = nextMove();
        await forum.target.step("prepare", moduleNamed(module), {}, () => {});
        const handover = () => forum.target.step("handover", moduleNamed(module), { to }, () => {});
        wasCut = await cutOff(statement, random.below(2) === 0, handover);
        assert.equal(await ownerOf(module), to, `after a cut at statement ${statement}`);
      }
      return [];
    };
    const name = "handovers are cut off";
    const result = await trial(forum, { name, seed: Number(SEED) * 100 + 51, ...PROMISES }, work);
    console.log(`  cut at every third statement up to ${statement - 3}`);
    assert.ok(statement > 12, "a handover has more statements than that");
    assertOnlyFailed(result, ["unavailable"]);
  });

  it("a handover begins while replication pauses, and waits for it", async () => {
    const work = async () => {
      for (let run = 0; run < 3 * Number(RUNS); run++) {
        const { module, to } = nextMove();
        await forum.target.step("prepare", moduleNamed(module), {}, () => {});
        const handover = async () => {
          await sleep(BEHIND / 2);
          await forum.target.step("handover", moduleNamed(module), { to }, () => {});
        };
        await Promise.all([pauseReplication(forum, module, BEHIND), handover()]);
        assert.equal(await ownerOf(module), to);
      }
      return [];
    };
    const name = "handovers of copies that are behind";
    assertOnlyFailed(await trial(forum, { name, seed: Number(SEED) * 100 + 52, ...PROMISES }, work), ["unavailable"]);
  });

  for (const [index, fault] of FAULTS.entries()) {
    it(fault.name, async () => {
      const work = async () => {
        for (let run = 0; run < 2 * Number(RUNS); run++) await moveWith(fault);
        return [];
      };
      const seed = Number(SEED) * 100 + 1 + index;
      assertOnlyFailed(await trial(forum, { name: fault.name, seed, ...PROMISES }, work), fault.allowed);
    });
  }
});

/** Moves a module; the fault strikes at some instant of it. What it breaks is done again. */
async function moveWith(fault: Fault): Promise<void> {
  const { module, to } = nextMove();
  // Both sides of all modules are asked.
  for (const name of MODULES) await forum.target.shift(moduleNamed(name), 50);
  const strike = async () => {
    await sleep(random.below(MOVE));
    await fault.strike({ forum, module });
  };
  const [first] = await Promise.allSettled([forum.move(module, to), strike()]);
  if (first.status === "rejected") console.log(`  ${fault.name}: ${(first.reason as Error).message.split("\n")[0]}`);
  await forum.move(module, to);
  assert.equal(await ownerOf(module), to);
}
