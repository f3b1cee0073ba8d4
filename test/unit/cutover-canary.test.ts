/** The canary: when it goes back, and that it does, in simulated time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ENOUGH, judge, parseShare, type SideFigures } from "../../infra/cutover/canary-judge.ts";
import { runCanary, trafficBuffer, type CanaryOptions } from "../../infra/cutover/canary.ts";
import { percentsOf } from "../../infra/cutover/shift.ts";
import { durationText, parseDuration } from "../../infra/cutover/duration.ts";
import type { CutoverEvent, TrafficEvent } from "../../infra/cutover/events.ts";

const figures = (requests: number, errors: number, p99?: number): SideFigures => ({
  ...{ looks: 1, requests, errors },
  ...(p99 !== undefined && { p99 }),
});

const well = figures(1000, 0, 100);

const cases: [what: string, service: SideFigures, monolith: SideFigures, back: RegExp | undefined][] = [
  ["all is well", well, well, undefined],
  ["errors at the bound", figures(1000, 10, 100), well, undefined],
  ["errors above the bound", figures(1000, 11, 100), well, /11 of 1000 answers .* 5xx \(1\.1 %, at most 1 %\)/],
  ["errors of too few", figures(ENOUGH - 1, ENOUGH - 1, 9000), well, undefined],
  ["errors of just enough", figures(ENOUGH, 1, 100), well, /1 of 20/],
  ["errors of the monolith", well, figures(1000, 1000, 100), undefined],
  ["slow, and the monolith too", figures(1000, 0, 900), figures(1000, 0, 450), undefined],
  ["slow, and the monolith not", figures(1000, 0, 901), figures(1000, 0, 450), /p99 was 901 ms.*450 ms/],
  ["many times slower, but fast", figures(1000, 0, 250), figures(1000, 0, 5), undefined],
  ["slow, and the monolith unknown", figures(1000, 0, 9000), figures(ENOUGH - 1, 0, 5), undefined],
];

for (const [what, service, monolith, back] of cases) {
  test(`verdict: ${what}`, () => {
    const verdict = judge({ service, monolith, isOver: false });
    if (!back) return assert.equal(verdict, "go on");
    assert.ok(verdict !== "go on");
    assert.match(verdict.back, back);
  });
}

test("verdict: with bounds of one's own", () => {
  const slow = { service: figures(1000, 40, 120), monolith: well, isOver: false };
  assert.equal(judge(slow, { maxErrors: 0.05 }), "go on");
  assert.deepEqual(judge(slow, { maxErrors: 0.05, maxP99: 100 }), {
    back: "the service's p99 was 120 ms, at most 100 ms",
  });
  const both = { service: figures(1000, 0, 900), monolith: figures(1000, 0, 10), isOver: false };
  assert.equal(judge(both, { maxP99: 1000 }), "go on", "a bound of one's own replaces the comparison");
});

test("verdict: a service whose metrics nobody could read has not proved anything", () => {
  const none = { looks: 0, requests: 0, errors: 0 };
  assert.equal(judge({ service: none, monolith: well, isOver: false }), "go on");
  assert.notEqual(judge({ service: none, monolith: well, isOver: true }), "go on");
  assert.equal(judge({ service: { ...none, looks: 3 }, monolith: well, isOver: true }), "go on", "just nobody there");
});

/** A forum in simulated time: each second both sides answer as `answers` says for the weight in force. */
function simulation(answers: (percent: number, second: number) => Partial<Record<"service" | "monolith", Answers>>) {
  const state = { time: 0, percent: 0, weights: [] as [second: number, percent: number][] };
  const buffer = trafficBuffer();
  const events: CutoverEvent[] = [];
  const tick = () => {
    state.time += 1000;
    for (const [side, { requests, errors = 0, ms = 10 }] of Object.entries(answers(state.percent, state.time / 1000))) {
      const latencies = requests > 0 ? [{ from: ms * 0.9, to: ms, count: requests }] : [];
      const about = { type: "traffic", module: "posts", side: side as TrafficEvent["side"], seconds: 1 } as const;
      buffer.event({ ...about, requests, errors, rate: requests, latencies });
      buffer.event({ ...about, module: "users", requests: 1000, errors: 1000, rate: requests, latencies });
    }
  };
  const options: CanaryOptions = {
    ...{ module: "posts", from: 0, steps: [5, 25, 50, 100], bake: 60_000, traffic: buffer.take },
    onEvent: (event) => void events.push(event),
    shift: async (percent) => {
      state.percent = percent;
      state.weights.push([state.time / 1000, percent]);
    },
    clock: {
      now: () => state.time,
      sleep: async (ms) => {
        for (const until = state.time + ms; state.time < until;) tick();
      },
    },
  };
  return { options, events, weights: state.weights, state };
}

interface Answers {
  requests: number;
  errors?: number;
  ms?: number;
}

test("a service that does well gets all the traffic, each weight after its time", async () => {
  const { options, weights, events } = simulation((percent) => ({
    service: { requests: percent * 2 },
    monolith: { requests: 200 - percent * 2 },
  }));
  const end = await runCanary(options);
  assert.deepEqual(end, { ended: "done", percent: 100, detail: "12000 requests, 0 errors, p99 10 ms" });
  assert.deepEqual(weights, [
    [0, 5],
    [60, 25],
    [120, 50],
    [180, 100],
  ]);
  assert.deepEqual(
    events.map((event) => event.type === "weights" && event.percent),
    [5, 25, 50, 100],
  );
});

test("errors under more load: back to the weight before, within seconds, and it is said why", async () => {
  const { options, weights, events } = simulation((percent) => ({
    service: { requests: percent * 2, errors: percent >= 50 ? 3 : 0 },
    monolith: { requests: 200 - percent * 2 },
  }));
  const end = await runCanary(options);
  assert.deepEqual(weights, [
    [0, 5],
    [60, 25],
    [120, 50],
    [121, 0],
  ]);
  assert.ok(end.ended === "back");
  assert.deepEqual([end.percent, end.at], [0, 50]);
  assert.match(end.reason, /at 50 %: 3 of 100 answers/);
  assert.deepEqual(events.at(-1), { type: "weights", module: "posts", percent: 0, reason: end.reason });
});

test("it starts above the weight in force, and goes back to that", async () => {
  const { options, weights } = simulation((percent) => ({ service: { requests: 100, errors: percent > 50 ? 9 : 0 } }));
  await runCanary({ ...options, from: 25 });
  assert.deepEqual(weights, [
    [0, 50],
    [60, 100],
    [61, 25],
  ]);
  const done = await runCanary({ ...options, from: 100 });
  assert.deepEqual(done, { ended: "done", percent: 100, detail: "already at 100 %" });
});

test("all the traffic at the service: it is compared with what the monolith did before", async () => {
  const { options } = simulation((percent) => ({
    service: { requests: 100, ms: percent === 100 ? 900 : 100 },
    monolith: { requests: percent === 100 ? 0 : 100, ms: 100 },
  }));
  const end = await runCanary(options);
  assert.ok(end.ended === "back");
  assert.match(
    end.reason,
    /at 100 %: the service's p99 was 8\d\d ms, more than twice the monolith's \(99\.9 ms|100 ms\)/,
  );
});

test("a short storm counts: the whole time of a weight is judged, not its last second", async () => {
  const { options, weights } = simulation((percent, second) => ({
    service: { requests: 100, errors: percent === 25 && second === 90 ? 100 : 0 },
  }));
  assert.equal((await runCanary(options)).ended, "back");
  assert.deepEqual(weights.at(-1), [90, 0]);
});

test("metrics that cannot be read end it", async () => {
  const { options, weights } = simulation(() => ({ monolith: { requests: 100 } }));
  const end = await runCanary(options);
  assert.ok(end.ended === "back");
  assert.match(end.reason, /metrics could not be read/);
  assert.deepEqual(weights, [
    [0, 5],
    [60, 0],
  ]);
});

test("interrupted, it goes back", async () => {
  const ending = new AbortController();
  const { options, state } = simulation((percent) => {
    if (percent === 25) ending.abort();
    return { service: { requests: 100 } };
  });
  const end = await runCanary({ ...options, signal: ending.signal });
  assert.ok(end.ended === "back");
  assert.match(end.reason, /interrupted/);
  assert.equal(state.percent, 0);
});

test("a weight that cannot be set: back, and the reason is the balancer's", async () => {
  const { options, state } = simulation(() => ({ service: { requests: 100 } }));
  const shift = async (percent: number) => {
    if (percent === 50) throw new Error("ModifyRule: throttled");
    await options.shift(percent);
  };
  await assert.rejects(runCanary({ ...options, shift }), /ModifyRule: throttled/);
  assert.equal(state.percent, 0);
});

test("a way back that fails is told, with the reason for going back", async () => {
  const { options } = simulation(() => ({ service: { requests: 100, errors: 100 } }));
  const shift = async (percent: number) => {
    if (percent === 0) throw new Error("nginx did not reload");
  };
  await assert.rejects(runCanary({ ...options, shift }), /back to 0 % \(at 5 %: 100 of 100.*nginx did not reload/);
});

test("durations, weights and shares: as they are written, and what is said of others", () => {
  const durations = ["1500ms", "60s", "2m", "1.5h", " 0s "].map(parseDuration);
  assert.deepEqual(durations, [1500, 60_000, 120_000, 5_400_000, 0]);
  for (const bad of ["", "60", "s", "-1s", "1 minute", "1e3s", "60s2"]) {
    assert.throws(() => parseDuration(bad), { message: /is not a duration.*1500ms, 60s, 2m/ });
  }
  assert.deepEqual([0, 0.4, 82.4, 999.6, 4210, 59_960, 125_000].map(durationText), [
    ...["0 ms", "0.4 ms", "82 ms", "1.0 s", "4.2 s", "1 min 0 s", "2 min 5 s"],
  ]);
  assert.deepEqual(percentsOf("5,25,100"), [5, 25, 100]);
  for (const bad of ["", "5,5", "50,25", "101", "2.5", "5,"]) assert.throws(() => percentsOf(bad), /percent/);
  assert.deepEqual(["1%", "0.5 %", "100%"].map(parseShare), [0.01, 0.005, 1]);
  for (const bad of ["", "1", "0.01", "-1%", "101%", "x"]) assert.throws(() => parseShare(bad), /not a share/);
});
