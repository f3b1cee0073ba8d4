import assert from "node:assert/strict";
import { it } from "node:test";
import { endpoints } from "../../services/contract/src/endpoints.ts";
import { problemKinds } from "../../services/contract/src/index.ts";
import type { Forum } from "./forum.ts";

/** Documented answers that no request provokes, and why. */
const unprovoked: Record<number, string> = {
  500: "it takes a bug",
  503: "it takes a database or a peer that is down: test/faults",
};

/** The last case of the suite: every endpoint has given every answer that is documented for it. */
export function coverageCase(forum: Forum): void {
  it("has seen every documented answer of every endpoint", () => {
    const seen = new Set([...forum.answers].map(withoutIds));
    const missing = endpoints.flatMap(({ method, path, success, problems }) =>
      [success.status, ...problems.map((kind) => problemKinds[kind].status)]
        .filter((status) => !(status in unprovoked))
        .map((status) => `${method} ${path.replace(/\{\w+\}/, "{id}")} ${status}`)
        .filter((answer) => !seen.has(answer)),
    );
    assert.deepEqual(missing, [], "documented, but no case has provoked it");
  });
}

/** Anything in the place of an id counts as one; `sessions` and `keys` are addresses of their own. */
const withoutIds = (answer: string): string =>
  answer.replace(
    /(\/api\/(?:users|threads|posts\/in-thread|posts\/by-user|posts)\/)(?!sessions |keys )[^/ ]+(?= )/,
    "$1{id}",
  );
