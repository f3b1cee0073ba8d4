/** The report of a cutover: one page, well-formed, with the right figures, whatever has happened. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { SaxesParser, type SaxesTagPlain } from "saxes";
import type { TimedEvent, TrafficEvent } from "../../infra/cutover/events.ts";
import { summarize } from "../../infra/cutover/report/figures.ts";
import { html } from "../../infra/cutover/report/markup.ts";
import { renderReport, writeReport } from "../../infra/cutover/report/report.ts";
import { binsOf, rangeOf, spansOf } from "../../infra/cutover/report/timeline.ts";
import { BEGIN, recordedCutover } from "../support/cutover-recording.ts";

const seed = Number(process.env["SEED"] ?? 20261121);
const recording = recordedCutover();

interface Element {
  name: string;
  attributes: Record<string, string>;
  /** The view box of the drawing that it is in. */
  box?: number[];
}

/** Reads a page as XML, strictly. @throws when it is not well-formed */
function parse(page: string): { elements: Element[]; text: string } {
  const elements: Element[] = [];
  const texts: string[] = [];
  let box: number[] | undefined;
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }: SaxesTagPlain) => {
    if (name === "svg") box = attributes["viewBox"]!.split(" ").map(Number);
    elements.push({ name, attributes, ...(box && { box }) });
  });
  parser.on("closetag", ({ name }) => {
    if (name === "svg") box = undefined;
  });
  parser.on("text", (text) => texts.push(text.replace(/\s+/g, " ")));
  parser.write(page).close();
  return { elements, text: texts.join("|") };
}

const NUMBERS = ["x", "y", "x1", "x2", "y1", "y2", "width", "height"];

/** Everything is drawn, and inside its drawing. */
function checkGeometry(elements: readonly Element[]): void {
  for (const { name, attributes, box } of elements) {
    if (!box || name === "svg") continue;
    const [, , width = 0, height = 0] = box;
    for (const key of NUMBERS.filter((key) => attributes[key] !== undefined)) {
      const value = Number(attributes[key]);
      const most = key.startsWith("x") || key === "width" ? width : height;
      assert.ok(value >= 0 && value <= most, `${name} ${key}="${attributes[key]}" in ${width} × ${height}`);
    }
    if (name === "rect") {
      const [right, bottom] = [sumOf(attributes, "x", "width"), sumOf(attributes, "y", "height")];
      assert.ok(right <= width + 1 && bottom <= height + 1, JSON.stringify(attributes));
    }
    if (name === "path") assert.match(attributes["d"]!, /^([MLHVZ]-?[\d.]+(,-?[\d.]+)?|L|Z)*$/, attributes["d"]);
  }
}

const sumOf = (attributes: Record<string, string>, a: string, b: string): number =>
  Number(attributes[a]) + Number(attributes[b]);

/** What holds of every report. */
function checkPage(page: string): ReturnType<typeof parse> {
  const parsed = parse(page);
  const ids = parsed.elements.flatMap(({ attributes }) => attributes["id"] ?? []);
  assert.equal(new Set(ids).size, ids.length, "ids are unique");
  const drawings = parsed.elements.filter(({ name }) => name === "svg");
  for (const { attributes } of drawings) {
    for (const id of attributes["aria-labelledby"]!.split(" ")) assert.ok(ids.includes(id), id);
  }
  checkGeometry(parsed.elements);
  assert.ok(!/\b(NaN|undefined|Infinity|null)\b/.test(page.replace(/<(td|li|title|desc)\b.*?<\/\1>/gs, "")));
  const from = parsed.elements.filter(({ attributes }) => "src" in attributes || "href" in attributes);
  assert.deepEqual([from, parsed.elements.filter(({ name }) => /script|link|img|iframe/.test(name))], [[], []]);
  assert.doesNotMatch(page, /url\(|@import/);
  return parsed;
}

test("the report of a run has its figures in it, drawn for wide screens and for phones", () => {
  const { elements, text } = checkPage(renderReport(recording));
  const requests = recording.reduce((sum, event) => sum + (event.type === "traffic" ? event.requests : 0), 0);
  assert.match(
    text,
    /users, threads and posts moved and are now with the services; none of 27,\d+ requests failed, and no write was lost/,
  );
  for (const figure of [
    ...["All went well", requests.toLocaleString("en"), "96 ms", "4,000"],
    ...["24,017 rows, 200 answers", "to the service: 82 ms", "to the service: 70 ms"],
  ]) {
    assert.ok(text.includes(`|${figure}|`) || text.includes(figure), figure);
  }
  assert.match(text, /before\|\d+ ms\|during\|\d+ ms\|after\|\d+ ms/);
  const widths = elements.filter(({ name }) => name === "svg").map(({ box }) => box![2]);
  assert.deepEqual(widths, [1000, 380, 1000, 380, 1000, 380, 1000, 380]);
  const bars = elements.filter(
    ({ name, attributes, box }) => name === "rect" && attributes["class"]!.startsWith("step ") && box![2] === 1000,
  );
  assert.equal(bars.length, 2 * 3 * 4, "every step, in its module's drawing and in that of all");
  assert.equal(elements.filter(({ attributes }) => attributes["class"] === "handover service").length, 2 * 2 * 3);
});

test("steps and handovers are drawn where they belong in time", () => {
  const { elements } = checkPage(renderReport(recordedCutover(["posts"])));
  const wide = elements.filter(({ box }) => box?.[2] === 1000);
  const prepare = wide.find(({ attributes }) => attributes["class"] === "step prepare done")!.attributes;
  const { from, to } = rangeOf(recordedCutover(["posts"]));
  const [left, width] = [44, 1000 - 44 - 10];
  const x = (second: number) => left + ((BEGIN + second * 1000 - from) / (to - from)) * width;
  assert.ok(Math.abs(Number(prepare["x"]) - x(10)) < 0.2);
  assert.ok(Math.abs(Number(prepare["x"]) + Number(prepare["width"]) - x(16)) < 0.3);
  const handover = wide.find(({ attributes }) => attributes["class"] === "handover service")!.attributes;
  assert.ok(Math.abs(Number(handover["x1"]) - x(31)) < 0.2);
  const areas = wide.filter(({ attributes }) => attributes["class"]?.startsWith("area"));
  const last = (d: string) => d.split("L").at(-1)!;
  assert.equal(areas.length, 2);
  assert.notEqual(last(areas[0]!.attributes["d"]!), last(areas[1]!.attributes["d"]!));
});

test("figures: phases, copies, and what makes a run bad or unfinished", () => {
  const end = rangeOf(recording).to;
  const figures = summarize(recording, end);
  assert.deepEqual(
    figures.phases.map(({ name }) => name),
    ["before", "during", "after"],
  );
  const [before, during, after] = figures.phases;
  assert.equal(before!.requests + during!.requests + after!.requests, figures.requests);
  assert.ok(before!.p99! < after!.p99!, "the recorded services are slower than the monolith");
  assert.deepEqual(figures.modules[0]?.copied, { rows: 24_000, rate: 4000 });
  assert.equal(figures.copyRate, 4000);
  assert.equal(figures.verdict, "good");

  const about = { at: end, module: "posts" };
  const verdict = (...more: TimedEvent[]) => summarize([...recording, ...more], end).verdict;
  const verified = { type: "verified" as const, ...about, rows: 9, answers: 2 };
  assert.equal(verdict({ ...verified, differences: ["row 7 of posts is missing"] }), "bad");
  assert.equal(verdict({ ...verified, differences: ["row 7"] }, { ...verified, differences: [] }), "good");
  const outcome = { type: "outcome" as const, at: end, requests: 9, failed: 0, lost: 0, doubled: 0, longestStall: 1 };
  assert.equal(verdict({ ...outcome, lost: 1 }), "bad");
  assert.equal(verdict({ ...outcome, doubled: 1 }), "bad");
  assert.equal(verdict({ ...outcome, failed: 1 }), "bad");
  const retire = { type: "step" as const, ...about, step: "retire" as const };
  assert.equal(verdict({ ...retire, state: "started" }), "unfinished");
  assert.equal(verdict({ ...retire, state: "started" }, { ...retire, state: "failed" }), "unfinished");

  const withoutOutcome = summarize(
    recording.filter(({ type }) => type !== "outcome"),
    end,
  );
  assert.equal(withoutOutcome.requests, figures.requests);
  assert.equal(withoutOutcome.longestStall, 82, "of the handovers");
});

test("without traffic, without an outcome, without anything: a page that says so", () => {
  const quiet = recording.filter(({ type }) => type !== "traffic" && type !== "outcome");
  const { text } = checkPage(renderReport(quiet));
  assert.match(text, /No traffic was seen\./);
  assert.match(text, /nobody has looked for them/);
  assert.match(text, /users, threads and posts moved and are now with the services\./);
  assert.match(checkPage(renderReport([])).text, /No module has moved\./);
  assert.match(
    checkPage(renderReport(recording.filter(({ type }) => type === "traffic"))).text,
    /No module has moved; none of/,
  );
});

test("what went wrong stands in it: differences, failures, a canary's reason", () => {
  const { text } = checkPage(
    renderReport([
      { type: "step", at: 1000, module: "posts", step: "prepare", state: "started" },
      {
        type: "step",
        at: 4000,
        module: "posts",
        step: "prepare",
        state: "failed",
        ms: 3000,
        detail: "no role may replicate",
      },
      { type: "weights", at: 4000, module: "posts", percent: 0, reason: "at 25 %: 3 of 100 answers" },
      { type: "verified", at: 5000, module: "posts", rows: 9, answers: 2, differences: ["row 7 of posts differs"] },
      { type: "outcome", at: 6000, requests: 100, failed: 2, lost: 1, doubled: 3, longestStall: 6000 },
    ]),
  );
  for (const said of [
    ...["Something went wrong", "prepare failed", "1 difference", "row 7 of posts differs", "no role may replicate"],
    ...["at 25 %: 3 of 100 answers", "2 of 100 requests failed, 1 write was lost, and 3 are there twice", "6.0 s"],
  ]) {
    assert.ok(text.includes(said), said);
  }
});

test("text of others stays text", () => {
  const evil = `</title><script>alert("1")</script><b a='&amp;`;
  const events = recordedCutover([evil]).concat({
    ...{ type: "verified", at: BEGIN, module: evil, rows: 1, answers: 1, differences: [`${evil}\u0000\uD800`] },
  });
  const { elements, text } = checkPage(renderReport(events));
  assert.ok(text.includes(evil));
  assert.ok(!elements.some(({ name }) => name === "b" || name === "script"));
  assert.equal(
    html`<a b="${`"'<>&`}">${[html`<i />`, "<i>", 1, undefined, false]}</a>`.markup,
    `<a b="&quot;&#39;&lt;&gt;&amp;"><i />&lt;i&gt;1</a>`,
  );
});

const number = fc.double({ min: 0, max: 1e9, noNaN: true });
const module = fc.oneof(fc.constantFrom("users", "posts"), fc.string({ unit: "binary", maxLength: 12 }));
const at = fc.integer({ min: BEGIN, max: BEGIN + 600_000 });
const side = fc.constantFrom("monolith" as const, "service" as const);
const step = fc.constantFrom("prepare", "verify", "shift", "handover", "retire" as const);
const state = fc.constantFrom("planned", "started", "done", "skipped", "failed" as const);
const text = fc.string({ unit: "binary", maxLength: 30 });
const bucket = fc.record({ from: number, width: number, count: fc.integer({ min: 1, max: 1000 }) });
const buckets = fc.array(
  bucket.map(({ from, width, count }) => ({ from, to: from + width, count })),
  { maxLength: 4 },
);
const traffic: fc.Arbitrary<TrafficEvent & { at: number }> = fc.record({
  ...{ type: fc.constant("traffic" as const), at, module, side, requests: fc.nat(1e6), errors: fc.nat(1000) },
  ...{ seconds: fc.constant(1), rate: number, latencies: buckets },
});
const anyEvent: fc.Arbitrary<TimedEvent> = fc.oneof(
  { weight: 4, arbitrary: traffic },
  fc.record({ type: fc.constant("step" as const), at, module, step, state, detail: text }),
  fc.record({ type: fc.constant("progress" as const), at, module, rows: number, total: number }),
  fc.record({ type: fc.constant("weights" as const), at, module, percent: fc.nat(100), reason: text }),
  fc.record({ type: fc.constant("handover" as const), at, module, to: side, stall: number }),
  fc.record({
    type: fc.constant("verified" as const),
    at,
    module,
    rows: number,
    answers: number,
    differences: fc.array(text),
  }),
);

test("whatever happens, in whatever order: well-formed, and drawn inside the drawing", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => void checkPage(renderReport(events))),
    { seed, numRuns: 60 },
  );
});

test("looks that are put together lose no request", () => {
  fc.assert(
    fc.property(fc.array(traffic, { minLength: 1 }), fc.integer({ min: 1, max: 300 }), (looks, most) => {
      const range = rangeOf(looks);
      const bins = binsOf(looks, range, most);
      assert.ok(bins.length <= most + 1);
      const sum = (all: readonly { requests: number }[]) => all.reduce((sum, { requests }) => sum + requests, 0);
      assert.equal(sum(bins), sum(looks));
      assert.ok(bins.every(({ from, to }, n) => from < to && (n === 0 || from >= bins[n - 1]!.to)));
    }),
    { seed, numRuns: 200 },
  );
});

test("a step that is taken again is there twice; one that never ended runs to the end", () => {
  const about = { type: "step" as const, module: "posts", step: "handover" as const };
  const spans = spansOf(
    [
      { ...about, at: 1, state: "started" },
      { ...about, at: 2, state: "done" },
      { ...about, at: 3, state: "started" },
    ],
    9,
  );
  assert.deepEqual(
    spans.map(({ from, to, state }) => [from, to, state]),
    [
      [1, 2, "done"],
      [3, 9, "running"],
    ],
  );
});

test("it is written to a file", async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), "report-"));
  context.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, "report.html");
  await writeReport(file, recording);
  assert.equal(await readFile(file, "utf8"), renderReport(recording));
});
