import assert from "node:assert/strict";
import { it } from "node:test";
import { expectNow, expectProblem } from "./expect.ts";
import { subjectOf } from "../support/subject.ts";
import { freshName, type Forum } from "./forum.ts";

/** Failed logins are limited by address too: these cases make about 45 of the 100 that are allowed. */
export function sessionCases(forum: Forum): void {
  it("logs in and gives a token that is valid for an hour", async () => {
    const { username, password, id } = forum.author;
    const response = await forum.login(username, password);
    assert.equal(response.status, 201);
    assert.deepEqual(Object.keys(response.body as object), ["token", "expiresAt"]);
    const { token, expiresAt } = response.body as { token: string; expiresAt: string };
    expectNow(new Date(Date.parse(expiresAt) - 3_600_000).toISOString());
    assert.equal(subjectOf(token), id);
    assert.equal(response.headers["location"], undefined);
    assert.equal(response.headers["cache-control"], "no-store");
  });

  it("finds a username in any case", async () => {
    const { username, password } = forum.author;
    assert.equal((await forum.login(username.toUpperCase(), password)).status, 201);
  });

  it("takes passwords letter by letter", async () => {
    const { username, password } = await forum.register();
    for (const wrong of [`${password} `, password.slice(0, -1)]) {
      expectProblem(await forum.login(username, wrong), "unauthenticated");
    }
  });

  it("answers a wrong password as it answers an unknown name", async () => {
    const answers = [await forum.login(forum.other.username, "wrong"), await forum.login(freshName(), "wrong")];
    const [wrong, unknown] = answers.map((answer) =>
      Object.assign(expectProblem(answer, "unauthenticated"), {
        traceId: "",
        challenge: answer.headers["www-authenticate"] as string,
      }),
    );
    assert.deepEqual(wrong, unknown);
  });

  it("takes as long for an unknown name as for a wrong password", async () => {
    const { username } = await forum.register();
    // A container gets its quarter of a processor in slices of 100 ms: only several logins in a row tell what they cost.
    const three = (name: () => string) =>
      milliseconds(async () => {
        for (let login = 0; login < 3; login++) await forum.login(name(), "wrong");
      });
    const wrong: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 3; round++) {
      wrong.push(await three(() => username));
      unknown.push(await three(freshName));
    }
    // The fastest of each: a busy moment of the machine made the others wait.
    const ratio = Math.min(...wrong) / Math.min(...unknown);
    assert.ok(ratio > 0.5 && ratio < 2, `a wrong password takes ${ratio.toFixed(2)} times as long`);
  });

  it("makes an account wait after ten failures in a row, and that account only", async () => {
    const { username, password } = await forum.register();
    for (let failure = 0; failure < 3; failure++) await forum.login(username, "wrong");
    assert.equal((await forum.login(username, password)).status, 201, "which forgets the failures before it");
    // Side by side: counting happens before the password is looked at.
    const failures = await Promise.all(Array.from({ length: 10 }, () => forum.login(username, "wrong")));
    for (const failure of failures) expectProblem(failure, "unauthenticated");
    for (const [name, tried] of [
      [username, "wrong"],
      [username, password],
      [username.toUpperCase(), password],
    ] as const) {
      const refused = await forum.login(name, tried);
      expectProblem(refused, "too-many-requests");
      const seconds = Number(refused.headers["retry-after"]);
      assert.ok(Number.isInteger(seconds) && seconds > 0 && seconds <= 900, String(refused.headers["retry-after"]));
    }
    assert.equal((await forum.login(forum.author.username, forum.author.password)).status, 201);
  });
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
