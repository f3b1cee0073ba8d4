import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { problem as schema, problemKinds, type ProblemKind } from "../../services/contract/src/index.ts";
import { isDatabaseAway } from "../../services/chassis/src/database.ts";
import { problemOf } from "../../services/chassis/src/errors.ts";
import { invalid, Problem, tooManyRequests, unauthenticated, unavailable } from "../../services/chassis/src/problem.ts";

/** An error of PostgreSQL with that SQLSTATE. */
function sqlError(code: string): Error {
  return Object.assign(new pg.DatabaseError("secret detail", 0, "error"), { code });
}
const coded = (code: string) => Object.assign(new Error("connect to 10.0.0.7:5432"), { code });
const typed = (type: string, message = "a message") => Object.assign(new Error(message), { type });

for (const kind of Object.keys(problemKinds) as ProblemKind[]) {
  test(`a problem of the kind ${kind} is written as the contract has it`, () => {
    const document = new Problem(kind, { detail: "Why." }).document("t1");
    assert.deepEqual(schema.parse(document), document);
    assert.equal(document.status, problemKinds[kind].status);
    assert.equal(document.detail, "Why.");
    assert.equal(document.traceId, "t1");
  });
}

test("without a detail the title is not said twice", () => {
  assert.equal("detail" in new Problem("forbidden").document(""), false);
});

test("headers that belong to a status", () => {
  assert.deepEqual(unavailable("Later.").headers, { "Retry-After": "1" });
  assert.deepEqual(tooManyRequests("Later.", 30).headers, { "Retry-After": "30" });
  assert.deepEqual(unauthenticated("Who?").headers, { "WWW-Authenticate": 'Bearer realm="api"' });
  const invalidToken = { "WWW-Authenticate": 'Bearer realm="api", error="invalid_token"' };
  assert.deepEqual(unauthenticated("Who?", "invalid_token").headers, invalidToken);
});

const known: [name: string, error: unknown, kind: ProblemKind][] = [
  ["a problem stays what it is", invalid([]), "invalid-request"],
  ["a body that is no JSON", typed("entity.parse.failed", "Unexpected token"), "invalid-request"],
  ["a body too large", typed("entity.too.large"), "too-large"],
  ["a compressed body", typed("encoding.unsupported"), "unsupported-media-type"],
  ["a body in another charset", typed("charset.unsupported"), "unsupported-media-type"],
  ["a body that breaks off", typed("request.aborted"), "invalid-request"],
  ["a path that is no percent-encoding", new URIError("malformed"), "invalid-request"],
  ["the database away", coded("ECONNREFUSED"), "unavailable"],
  ["a bug", new TypeError("secret is not a function"), "internal"],
  ["a statement that is wrong", sqlError("42601"), "internal"],
  ["something thrown that is no error", "secret", "internal"],
  ["nothing thrown", undefined, "internal"],
];
for (const [name, error, kind] of known) {
  test(`${name}: ${kind}`, () => assert.equal(problemOf(error).kind, kind));
}

test("what went wrong inside is the cause for the log and not for the client", () => {
  for (const error of [new Error("secret"), sqlError("42601"), coded("ECONNREFUSED"), "secret"]) {
    const written = JSON.stringify(problemOf(error).document("t"));
    assert.doesNotMatch(written, /secret|10\.0\.0\.7/);
    assert.equal(problemOf(error).cause, error);
  }
});

for (const code of ["08006", "53300", "57014", "57P01", "57P03", "40001", "40P01", "28P01", "25006", "55P03"]) {
  test(`SQLSTATE ${code} means "not now"`, () => assert.ok(isDatabaseAway(sqlError(code))));
}
for (const code of ["23505", "23503", "42601", "42P01", "22P02", "22021", "42501"]) {
  test(`SQLSTATE ${code} means "not like this"`, () => assert.ok(!isDatabaseAway(sqlError(code))));
}

test("a connection that fails on every address is a database away; a program's error is not", () => {
  assert.ok(isDatabaseAway(new AggregateError([coded("ECONNREFUSED"), coded("ECONNREFUSED")])));
  assert.ok(isDatabaseAway(new Error("Connection terminated unexpectedly")));
  assert.ok(isDatabaseAway(new Error("timeout exceeded when trying to connect")));
  assert.ok(!isDatabaseAway(new Error("something else")));
  assert.ok(!isDatabaseAway("ECONNREFUSED"));
});
