import assert from "node:assert/strict";
import { test } from "node:test";
import alb from "../../infra/balancer/alb.js";

const id = String.raw`1-67891233-[0-9a-f]{24}`;
const traced = (received: string | undefined) => alb.nextTrace(received, 0x67891233);

test("a request without a Root gets one, and its other fields stay", () => {
  assert.match(traced(undefined), new RegExp(`^Root=${id}$`));
  assert.match(traced(""), new RegExp(`^Root=${id}$`));
  assert.match(traced("CalledFrom=app"), new RegExp(`^Root=${id};CalledFrom=app$`));
});

test("a Root stays, behind the balancer's own Self", () => {
  assert.match(traced("Root=1-a-b;CalledFrom=app"), new RegExp(`^Self=${id};Root=1-a-b;CalledFrom=app$`));
  assert.match(traced("Self=1-c-d; Root=1-a-b;"), new RegExp(`^Self=${id};Root=1-a-b$`));
});

test("ids differ", () => {
  assert.equal(new Set(Array.from({ length: 100 }, () => traced(undefined))).size, 100);
});

test("error pages have the lengths that were seen on a load balancer", () => {
  assert.equal(alb.errorPage(502).length, 122);
  assert.equal(alb.errorPage(503).length, 162);
});
