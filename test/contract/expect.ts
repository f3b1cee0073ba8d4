import assert from "node:assert/strict";
import type { Response } from "supertest";
import {
  problemKinds,
  problemType,
  type ProblemDocument,
  type ProblemKind,
} from "../../services/contract/src/index.ts";

/** Asserts that an answer is a problem of that kind: status, type, members in their order, and its headers. */
export function expectProblem(response: Response, kind: ProblemKind, fields?: string[]): ProblemDocument {
  const { status, title } = problemKinds[kind];
  const said = `${response.status} ${response.text}`.slice(0, 500);
  assert.equal(response.status, status, said);
  assert.match(response.headers["content-type"] ?? "", /^application\/problem\+json(; charset=utf-8)?$/, said);
  const problem = response.body as ProblemDocument;
  const order = ["type", "title", "status", "detail", "traceId", "errors"];
  assert.deepEqual(
    Object.keys(problem),
    order.filter((member) => member in problem),
    said,
  );
  assert.deepEqual([problem.type, problem.title, problem.status], [problemType(kind), title, status]);
  assert.match(problem.traceId, /^[0-9a-f]{32}$/);
  if (kind === "invalid-request") assert.ok((problem.errors ?? []).length > 0, said);
  for (const { field, message } of problem.errors ?? []) assert.ok(field && message, said);
  if (fields) assert.deepEqual(fieldsOf(problem), [...new Set(fields)].sort(), said);
  if (kind === "unauthenticated") assert.match(response.headers["www-authenticate"] ?? "", /^Bearer realm="api"/);
  return problem;
}

const fieldsOf = ({ errors = [] }: ProblemDocument): string[] => [...new Set(errors.map(({ field }) => field))].sort();

/** Asserts JSON with exactly these members in this order. */
export function expectJson(response: Response, status: number, body: unknown): void {
  assert.equal(response.status, status, response.text);
  assert.match(response.headers["content-type"] ?? "", /^application\/json; charset=utf-8$/);
  assert.equal(response.text, JSON.stringify(body));
}

/** Asserts that a time is written as the contract says and was just now. */
export function expectNow(time: string): void {
  assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const age = Math.abs(Date.now() - Date.parse(time));
  assert.ok(age < 60_000, `${time} is not now`);
}
