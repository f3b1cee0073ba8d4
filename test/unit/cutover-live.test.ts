/** What a terminal shows while a module moves, and what a file gets instead. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { liveView } from "../../infra/cutover/live/display.ts";
import { draw } from "../../infra/cutover/live/draw.ts";
import { history, recentFigures } from "../../infra/cutover/live/figures.ts";
import { plainLines } from "../../infra/cutover/live/plain.ts";
import { bar, renderLine, sparkline } from "../../infra/cutover/live/spans.ts";
import { createView } from "../../infra/cutover/live/view.ts";
import { stamped, STEPS, type CutoverEvent, type TimedEvent } from "../../infra/cutover/events.ts";
import { eventually } from "../support/eventually.ts";
import { BEGIN, recordedCutover } from "../support/cutover-recording.ts";

const seed = Number(process.env["SEED"] ?? 20261121);
const recording = recordedCutover();

/** The picture after these events, without colours. */
function picture(events: readonly TimedEvent[], columns = 79): string {
  const { view, apply } = createView();
  events.forEach(apply);
  return draw(view, { now: events.at(-1)?.at ?? 0, columns, colour: false }).join("\n");
}

const until = (second: number) => recording.filter(({ at }) => at <= BEGIN + second * 1000);

test("while threads is copied: what is done, what runs and how far it is, what is to come", () => {
  const drawn = picture([
    ...until(34),
    { type: "step", at: BEGIN + 34_000, module: "posts", step: "verify", state: "skipped" },
  ]);
  assert.match(drawn, /^users +✔ prepare 6\.0 s {2}✔ verify 2\.0 s {2}✔ shift 12\.0 s {2}✔ handover 1\.0 s/m);
  assert.match(drawn, /^threads +\S prepare 3\.0 s {2}· verify {2}· shift {2}· handover/m);
  assert.match(drawn, /^posts +· prepare {2}✔ verify {2}· shift/m);
  assert.match(drawn, /^threads +copied +█+░+ {2}50 % {2}12,000 of 24,000 rows, 4,000\/s$/m);
  assert.match(drawn, /^threads +behind +210\.0 kB, 600 ms$/m);
  assert.match(drawn, /^users +monolith +0 % +0\.0 /m);
  assert.match(drawn, /^ +service ◆ +100 % +\d+\S* [ ▁▂▃▄▅▆▇█]+ +0 +\d.* ms +\d+ ms [ ▁▂▃▄▅▆▇█]+/m);
  assert.match(
    drawn,
    /22\.0 s +users: 100 % of the requests|30\.0 s +users: handed over to the service; writes waited 70 ms/,
  );
});

test("failures are shown with their reason, and so is a canary that went back", () => {
  const drawn = picture([
    {
      type: "step",
      at: 0,
      module: "posts",
      step: "prepare",
      state: "failed",
      ms: 1200,
      detail: "no role may replicate",
    },
    { type: "weights", at: 0, module: "posts", percent: 0, reason: "at 25 %: 3 of 100 answers were 5xx" },
    {
      type: "verified",
      at: 0,
      module: "posts",
      rows: 9,
      answers: 2,
      differences: ["post 1: text", "post 2", "3", "4", "5"],
    },
  ]);
  assert.match(drawn, /✖ prepare 1\.2 s/);
  assert.match(drawn, /posts prepare: failed: no role may replicate/);
  assert.match(drawn, /0 % of the requests go to the service \(at 25 %: 3 of 100/);
  assert.match(drawn, /5 differences: post 1: text; post 2; 3; and 2 more/);
});

const text = fc.string({ unit: "binary", maxLength: 200 });
const number = fc.double({ min: 0, max: 1e12, noNaN: true });
const module = fc.constantFrom("users", "threads", "posts");
const side = fc.constantFrom("monolith" as const, "service" as const);
const state = fc.constantFrom("planned", "started", "done", "skipped", "failed" as const);
const anyEvent: fc.Arbitrary<CutoverEvent> = fc.oneof(
  fc.record({
    type: fc.constant("step" as const),
    module,
    step: fc.constantFrom(...STEPS),
    state,
    ms: number,
    detail: text,
  }),
  fc.record({ type: fc.constant("progress" as const), module, rows: number, total: number }),
  fc.record({ type: fc.constant("lag" as const), module, bytes: number, seconds: number }),
  fc.record({
    ...{ type: fc.constant("traffic" as const), module, side, requests: number, errors: number, seconds: number },
    ...{ rate: number, p50: number, p99: number },
  }),
  fc.record({ type: fc.constant("weights" as const), module, percent: fc.nat(100), reason: text }),
  fc.record({ type: fc.constant("handover" as const), module, to: side, stall: number }),
);

test("whatever happens, no line is wider than the terminal, and no message breaks the drawing", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), fc.integer({ min: 10, max: 200 }), (events, columns) => {
      const { view, apply } = createView();
      events.forEach((event, n) => apply(stamped(event, BEGIN + n * 250)));
      for (const line of draw(view, { now: BEGIN + 1e6, columns, colour: true })) {
        const shown = stripVTControlCharacters(line);
        assert.ok([...shown].length <= columns, `${[...shown].length} > ${columns}: ${shown}`);
        assert.doesNotMatch(shown, /\p{Cc}/u);
      }
    }),
    { seed, numRuns: 200 },
  );
});

test("at 80 columns nothing is cut off a usual run", () => {
  for (let second = 0; second < 120; second += 7)
    assert.ok(!picture(until(second)).includes("…"), picture(until(second)));
});

test("figures of the last two seconds are shown, not of the last look; sparklines show a minute", () => {
  const look = (at: number, requests: number, ms: number) => ({
    ...{ type: "traffic" as const, at, module: "posts", side: "service" as const, errors: 0, seconds: 0.5 },
    ...{ requests, rate: requests * 2, latencies: [{ from: 0, to: ms, count: requests }] },
  });
  const looks = Array.from({ length: 120 }, (_, n) => look(BEGIN + n * 500, n < 116 ? 1000 : n - 115, 10));
  const { rate, requests, p50 } = recentFigures(looks);
  assert.deepEqual([rate, requests, p50], [5, 10, 5]);
  assert.equal(recentFigures([]).rate, 0);
  const past = history(looks, 60, 6);
  assert.deepEqual(
    past.map(({ requests }) => requests),
    [20_000, 20_000, 20_000, 20_000, 20_000, 16_010],
  );
  assert.deepEqual(
    past.map(({ rate }) => rate),
    [2000, 2000, 2000, 2000, 2000, 1601],
  );
});

test("lines, bars and sparklines", () => {
  assert.equal(renderLine(["abc", ["red", "def"]], 6, false), "abcdef");
  assert.equal(renderLine(["abc", ["red", "def"]], 5, false), "abcd…");
  assert.equal(renderLine([["red", "abc"]], 2, true), "\u001B[31ma\u001B[39m…");
  assert.deepEqual([bar(0, 4), bar(0.5, 4), bar(2, 4)], ["░░░░", "██░░", "████"]);
  assert.equal(sparkline([9, 0, 50, undefined, 100], 4), "▁▅ █");
  assert.equal(sparkline([0, 0], 4), "  ▁▁");
});

test("elsewhere: a line for each thing that happens, and one about each module every few seconds", () => {
  const lines = plainLines();
  const printed = recording.flatMap(lines);
  assert.ok(printed.every((line) => /^ *\d+\.\d s {2}\S/.test(line)));
  const says = (pattern: RegExp) => printed.filter((line) => pattern.test(line)).length;
  assert.equal(says(/ prepare: started$/), 3);
  assert.equal(says(/ handover: done in 1\.0 s$/), 3);
  assert.equal(says(/ 24,017 rows and 200 answers are the same$/), 3);
  assert.equal(says(/posts: handed over to the service; writes waited 70 ms$/), 1);
  assert.equal(says(/0 failed, 0 writes lost, 0 doubled; the longest wait of a write was 96 ms$/), 1);
  const seconds = (recording.at(-1)!.at - recording[0]!.at) / 1000;
  const status = says(/^ *\S+ s {2}posts: .*monolith \d+\.\d\/s.*, 0 errors; service \d+\.\d\/s.*, 0 errors$/);
  assert.ok(status >= seconds / 7 && status <= seconds / 5 + 1, `${status} in ${seconds} s`);
  assert.ok(says(/rows copied, 4,000\/s; \S+ kB and \S+ ms behind/) > 0);
});

test("a terminal: the last state stays, and the cursor comes back", async (context) => {
  // The library hides the cursor of the real stderr, so this has to be that.
  const before = { isTTY: process.stderr.isTTY, columns: process.stderr.columns, hasColors: process.stderr.hasColors };
  const written: string[] = [];
  context.mock.method(process.stderr, "write", (text: string) => written.push(text) > 0);
  context.after(() => Object.assign(process.stderr, before));
  Object.assign(process.stderr, { isTTY: true, columns: 80, hasColors: () => true });

  const view = liveView(process.stderr);
  view.pause();
  assert.equal(written.length, 0, "nothing is drawn of nothing");
  recording.forEach(view.event);
  await eventually(() => assert.ok(written.includes("\u001B[?25l"), "the cursor is hidden while it draws"));
  view.pause();
  const paused = written.length;
  assert.equal(written.at(-1), "\u001B[?25h", "who is asked something sees where to write");
  view.event({ type: "weights", module: "posts", percent: 99 });
  await eventually(() => assert.ok(written.length > paused, "it goes on with the next event"));
  view.end();
  view.end();
  const ended = written.length;
  assert.equal(written.at(-1), "\u001B[?25h", "the cursor is back");
  const frames = written.map(stripVTControlCharacters).filter((frame) => frame.includes("posts"));
  assert.match(frames.at(-1)!, /posts +✔ prepare 6\.0 s {2}✔ verify 2\.0 s {2}✔ shift 12\.0 s {2}✔ handover 1\.0 s/);
  assert.ok(frames.at(-1)!.endsWith("\n"));
  view.event({ type: "weights", module: "posts", percent: 1 });
  assert.equal(written.length, ended);
});

test("a file gets no control characters", () => {
  const chunks: string[] = [];
  const stream = { write: (text: string) => chunks.push(text) > 0 } as NodeJS.WriteStream;
  const view = liveView(stream);
  recording.forEach(view.event);
  view.end();
  const written = chunks.join("");
  assert.match(written, /posts handover: done in 1\.0 s\n/);
  assert.doesNotMatch(written, /[^\P{Cc}\n]/u);
});
