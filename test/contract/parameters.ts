import { it } from "node:test";
import { expectProblem } from "./expect.ts";
import type { Forum } from "./forum.ts";
import { sampleBody, sampleCall, title, withBody, withParams } from "./samples.ts";

/** What is no positive integer that JavaScript can hold. */
const noIds = [
  ...["0", "-1", "+1", "01", "1abc", "abc", "1.5", "1.0", "1e3", "0x1", "1,000", "null", "NaN", "Infinity", "~", "*"],
  ...["9007199254740992", "99999999999999999999", "9".repeat(400), "%20", "1%20", "%0a1", "%31x"],
  ...["%F0%9F%98%80", "%D9%A1", "%EF%BC%91", "1'--", "1%3B%20DROP%20TABLE%20users", "__proto__", "constructor"],
];

/** Ids in paths, at every endpoint that has one. */
export function parameterCases(forum: Forum): void {
  for (const endpoint of withParams) {
    const field = Object.keys(endpoint.params!.shape)[0]!;

    it(`${title(endpoint)} wants a positive integer`, async () => {
      for (const id of noIds) {
        const call = sampleCall(endpoint, forum, id);
        const response = await (endpoint.body ? call.send(sampleBody(endpoint)) : call);
        expectProblem(response, "invalid-request", [field]);
      }
    });
  }

  for (const endpoint of withBody.filter(({ params }) => params)) {
    const field = Object.keys(endpoint.params!.shape)[0]!;

    it(`${title(endpoint)} names what is wrong in path and body together`, async () => {
      expectProblem(
        await sampleCall(endpoint, forum, "x").send({ extra: 1, more: 2, ...sampleBody(endpoint) }),
        "invalid-request",
        [field, "extra", "more"],
      );
    });
  }
}
