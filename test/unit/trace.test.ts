import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { currentTrace, inTrace, newTraceId, readTrace, traceHeaders } from "../../services/chassis/src/trace.ts";

const id = "0af7651916cd43dd8448eb211c80319c";
const traceparent = `00-${id}-b7ad6b7169203331-00`;
const amazon = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

test("traceparent gives id, flags and state", () => {
  assert.deepEqual(readTrace({ traceparent, tracestate: "a=1" }), { id, flags: "00", state: "a=1" });
});

test("the balancer's header gives the id, its two parts in one, and is kept as it came", () => {
  const trace = readTrace({ "x-amzn-trace-id": amazon });
  assert.deepEqual(trace, { id: "5759e988bd862e3fe1be46a994272793", flags: "01", amazon });
});

test("Root need not be the first part of the balancer's header", () => {
  const trace = readTrace({
    "x-amzn-trace-id": "Self=1-67891234-12456789abcdef012345678;Root=1-5759e988-bd862e3fe1be46a994272793",
  });
  assert.equal(trace.id, "5759e988bd862e3fe1be46a994272793");
});

test("with both headers traceparent gives the id, and the balancer's is still passed on", () => {
  const trace = readTrace({ traceparent, "x-amzn-trace-id": amazon });
  assert.equal(trace.id, id);
  assert.equal(trace.amazon, amazon);
});

for (const [name, headers] of Object.entries({
  "no header": {},
  "an empty header": { traceparent: "" },
  "too short an id": { traceparent: "00-abc-b7ad6b7169203331-01" },
  "capital letters": { traceparent: `00-${id.toUpperCase()}-b7ad6b7169203331-01` },
  "a line of its own": { traceparent: `x\n00-${id}-b7ad6b7169203331-01` },
  "a broken Root": { "x-amzn-trace-id": "Root=1-5759e988-short" },
  "a state without a parent": { tracestate: "a=1" },
})) {
  test(`${name}: a new trace, and nothing of it is passed on`, () => {
    const trace = readTrace(headers);
    assert.match(trace.id, /^[0-9a-f]{32}$/);
    assert.notEqual(trace.id, id);
    assert.deepEqual(Object.keys(trace).sort(), ["flags", "id"]);
  });
}

test("a new id begins with the time of day in seconds, as X-Ray wants it, and is never the same", () => {
  const [one, other] = [newTraceId(), newTraceId()];
  assert.notEqual(one, other);
  assert.ok(Math.abs(Number.parseInt(one.slice(0, 8), 16) - Date.now() / 1000) < 5);
});

test("a trace holds over everything that is started in it, and for nothing beside it", async () => {
  const seen = (trace: { id: string; flags: string }) =>
    inTrace(trace, async () => {
      await setImmediate();
      return currentTrace()?.id;
    });
  assert.deepEqual(await Promise.all([seen({ id: "a", flags: "01" }), seen({ id: "b", flags: "01" })]), ["a", "b"]);
  assert.equal(currentTrace(), undefined);
});

test("headers for a peer: the same trace, a parent of its own, flags and state as they came", () => {
  const trace = readTrace({ traceparent, tracestate: "a=1" });
  const [one, other] = [inTrace(trace, () => traceHeaders()), inTrace(trace, () => traceHeaders())];
  assert.match(one["traceparent"] ?? "", new RegExp(`^00-${id}-[0-9a-f]{16}-00$`));
  assert.notEqual(one["traceparent"], other["traceparent"]);
  assert.equal(one["tracestate"], "a=1");
  assert.equal(one["x-amzn-trace-id"], "Root=1-0af76519-16cd43dd8448eb211c80319c");
});

test("what is passed on is read as the same trace", () => {
  const trace = readTrace({ "x-amzn-trace-id": amazon });
  assert.equal(readTrace(traceHeaders(trace)).id, trace.id);
});
