import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { it } from "node:test";
import { expectProblem } from "./expect.ts";
import type { Forum } from "./forum.ts";

/** One address of each module, and one of none. */
const addresses = ["/api/users/x", "/api/threads/x", "/api/posts/x", "/nothing"];

/** The trace id by which a problem is found in the logs. */
export function traceCases(forum: Forum): void {
  const traceOf = async (address: string, headers: Record<string, string>): Promise<string> => {
    const response = await forum.call("get", address).set(headers);
    return expectProblem(response, response.status === 404 ? "not-found" : "invalid-request").traceId;
  };
  const hex = (bytes: number) => randomBytes(bytes).toString("hex");

  for (const address of addresses) {
    it(`GET ${address} is of the trace that traceparent names`, async () => {
      const id = hex(16);
      assert.equal(await traceOf(address, { traceparent: `00-${id}-${hex(8)}-01` }), id);
    });

    it(`GET ${address} is of the trace that X-Amzn-Trace-Id names`, async () => {
      const [time, rest] = [hex(4), hex(12)];
      assert.equal(await traceOf(address, { "X-Amzn-Trace-Id": `Root=1-${time}-${rest}` }), time + rest);
    });

    it(`GET ${address} believes traceparent more than X-Amzn-Trace-Id`, async () => {
      const id = hex(16);
      const headers = { traceparent: `00-${id}-${hex(8)}-01`, "X-Amzn-Trace-Id": `Root=1-${hex(4)}-${hex(12)}` };
      assert.equal(await traceOf(address, headers), id);
    });

    it(`GET ${address} begins a trace where none is named`, async () => {
      const ids = [await traceOf(address, {}), await traceOf(address, {})];
      assert.notEqual(ids[0], ids[1]);
      const wrong = `00-${"z".repeat(32)}-${hex(8)}-01`;
      assert.notEqual(await traceOf(address, { traceparent: wrong }), "z".repeat(32));
    });
  }
}
