/** From the metrics of tasks to requests, errors and latencies of each side. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import fc from "fast-check";
import { Counter, Histogram, Registry } from "@prometheus-io/client";
import { increase, readCounters } from "../../infra/cutover/live/counters.ts";
import { httpSource, trafficReader, watchTraffic } from "../../infra/cutover/live/metrics.ts";
import { mergeBuckets, percentile } from "../../infra/cutover/live/percentile.ts";
import { parsePrometheus } from "../../infra/cutover/live/prometheus.ts";
import type { TrafficEvent } from "../../infra/cutover/events.ts";
import { eventually } from "../support/eventually.ts";
import { listen } from "../support/loopback.ts";

const seed = Number(process.env["SEED"] ?? 20261121);

/** A task with the metrics of the chassis. */
function task(started = 1000) {
  const registry = new Registry();
  const histogram = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time.",
    labelNames: ["method", "route", "status", "sender"],
    buckets: [0.01, 0.1, 1],
    registers: [registry],
  });
  return {
    answer: (route: string, status: number, seconds: number, sender = "balancer") =>
      histogram.observe({ method: "GET", route, status, sender }, seconds),
    text: async () => `${await registry.metrics()}\nprocess_start_time_seconds ${started}\n`,
  };
}

test("any label value and any number survive the text format", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "binary" }),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }),
      async (label, value) => {
        const registry = new Registry();
        const counter = new Counter({ name: "some_total", help: "Some.", labelNames: ["what"], registers: [registry] });
        counter.inc({ what: label }, value);
        const samples = parsePrometheus(await registry.metrics(), ["some_total"]);
        assert.deepEqual(samples, [{ name: "some_total", labels: { what: label }, value }]);
      },
    ),
    { seed, numRuns: 300 },
  );
});

test("the text format: what is special about it", () => {
  const text = [
    "# HELP a something",
    'a{x="1",y="a,b}c"} 3 1700000000000',
    "a +Inf",
    "a_more 7",
    'a{x="1"} 1.5e-3',
    'a{x="cut o',
    "a",
  ].join("\n");
  assert.deepEqual(parsePrometheus(text, ["a"]), [
    { name: "a", labels: { x: "1", y: "a,b}c" }, value: 3 },
    { name: "a", labels: {}, value: Infinity },
    { name: "a", labels: { x: "1" }, value: 0.0015 },
  ]);
});

test("requests are counted by module, errors apart: those of clients, where the client asked", async () => {
  const one = task();
  one.answer("/api/posts/:postId", 200, 0.005);
  one.answer("/api/posts", 503, 0.5);
  one.answer("/api/posts", 200, 0.005, "other_side");
  one.answer("/api/posts", 200, 0.005, "direct");
  one.answer("/api/postscripts", 200, 0.005);
  one.answer("/api/users", 404, 0.005);
  one.answer("none", 404, 0.005);
  const before = readCounters("", ["posts", "users"]);
  const now = { ...readCounters(await one.text(), ["posts", "users"]), started: before.started };
  assert.deepEqual(increase("posts", before, now), {
    requests: 2,
    errors: 1,
    latencies: [
      { from: 0, to: 10, count: 1 },
      { from: 100, to: 1000, count: 1 },
    ],
  });
  assert.equal(increase("users", before, now).requests, 1);
  assert.equal(increase("threads", before, now).requests, 0);
});

test("several tasks are summed; one that is new counts from the next look, one that restarted from its start", async () => {
  const [first, second] = [task(), task()];
  const read = trafficReader({ side: "service", modules: ["posts"] });
  const look = async (at: number, tasks: Record<string, ReturnType<typeof task>>) =>
    read(
      await Promise.all(Object.entries(tasks).map(async ([name, one]) => ({ task: name, text: await one.text() }))),
      at,
    );
  for (let n = 0; n < 10; n++) first.answer("/api/posts", 200, 0.005);
  assert.deepEqual(await look(0, { first }), []);

  for (let n = 0; n < 6; n++) first.answer("/api/posts", 200, 0.005);
  for (let n = 0; n < 50; n++) second.answer("/api/posts", 200, 0.005);
  const [traffic] = await look(2000, { first, second });
  assert.deepEqual([traffic?.requests, traffic?.rate, traffic?.seconds, traffic?.errors], [6, 3, 2, 0]);

  const again = task(2000);
  again.answer("/api/posts", 500, 5);
  second.answer("/api/posts", 200, 0.05);
  const [restarted] = await look(4000, { first: again, second });
  assert.deepEqual([restarted?.requests, restarted?.errors, restarted?.rate], [2, 1, 1]);
  assert.deepEqual(restarted?.latencies, [
    { from: 10, to: 100, count: 1 },
    { from: 1000, to: null, count: 1 },
  ]);

  assert.deepEqual(await look(6000, {}), [], "nobody answered: nothing is known");
  second.answer("/api/posts", 200, 0.05);
  const [later] = await look(8000, { second });
  assert.deepEqual([later?.requests, later?.seconds], [1, 4]);
});

test("random counts and restarts never give a negative figure, and without restarts nothing is lost", async () => {
  const round = fc.record({ answers: fc.array(fc.integer({ min: 0, max: 1 })), restart: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(round, { maxLength: 8 }), async (rounds) => {
      const tasks = [task(), task()];
      const read = trafficReader({ side: "monolith", modules: ["posts"] });
      const look = async (at: number) =>
        read(await Promise.all(tasks.map(async (one, n) => ({ task: `${n}`, text: await one.text() }))), at);
      await look(0);
      let [sent, seen] = [0, 0];
      for (const [n, { answers, restart }] of rounds.entries()) {
        // Started within the same second, as far as the metrics tell: only the counters show it.
        if (restart) tasks[0] = task();
        for (const which of answers) tasks[which]!.answer("/api/posts", 200, 0.05);
        sent += answers.length;
        const [traffic] = await look((n + 1) * 1000);
        assert.ok(
          traffic!.requests >= 0 && traffic!.errors >= 0 && traffic!.latencies!.every(({ count }) => count > 0),
        );
        seen += traffic!.requests;
      }
      if (rounds.some(({ restart }) => restart)) assert.ok(seen <= sent);
      else assert.equal(seen, sent);
    }),
    { seed, numRuns: 100 },
  );
});

test("percentiles lie where they must, and those of sums between those of the parts", () => {
  assert.equal(percentile(0.5, []), undefined);
  assert.equal(percentile(0.5, [{ from: 0, to: 10, count: 4 }]), 5);
  assert.equal(percentile(0.99, [{ from: 10_000, to: null, count: 1 }]), 10_000);
  const bounds = [0, 1, 2, 5, 10, 50, 100, 1000];
  const counts = fc.array(fc.nat(50), { minLength: 7, maxLength: 7 });
  const buckets = counts.map((all) =>
    all.map((count, n) => ({ from: bounds[n]!, to: bounds[n + 1]!, count })).filter(({ count }) => count > 0),
  );
  fc.assert(
    fc.property(buckets, buckets, fc.double({ min: 0.01, max: 1, noNaN: true }), (a, b, share) => {
      const [ofA, ofB, ofBoth] = [a, b, mergeBuckets([a, b])].map((one) => percentile(share, one));
      if (ofA === undefined || ofB === undefined) return assert.equal(ofBoth, ofA ?? ofB);
      const tolerance = 1e-9 * ofBoth!;
      assert.ok(ofBoth! >= Math.min(ofA, ofB) - tolerance && ofBoth! <= Math.max(ofA, ofB) + tolerance);
    }),
    { seed, numRuns: 500 },
  );
});

test("a source of several tasks is watched over HTTP; those that are away do not stop it", async () => {
  const one = task();
  await using server = await listen(createServer((_, res) => void one.text().then((text) => res.end(text))));
  const ending = new AbortController();
  const events: TrafficEvent[] = [];
  const watching = watchTraffic({
    sources: [
      httpSource("service", ["posts"], () => [server.url.origin, "http://127.0.0.1:9"]),
      httpSource("monolith", ["posts"], () => ["http://127.0.0.1:9"]),
    ],
    every: 20,
    onEvent: (event) => events.push(event),
    signal: ending.signal,
  });
  try {
    await eventually(() => assert.ok(events.length > 0));
    one.answer("/api/posts", 200, 0.05);
    await eventually(() => assert.equal(events.filter(({ requests }) => requests === 1).length, 1));
    const counted = events.find(({ requests }) => requests === 1)!;
    assert.equal(counted.side, "service");
    assert.ok(counted.p99! > 10 && counted.p99! <= 100);
    assert.ok(events.every(({ side }) => side === "service"));
  } finally {
    ending.abort();
    await watching;
  }
});
