import assert from "node:assert/strict";
import { test } from "node:test";
import type { Request } from "express";
import { input } from "../../services/chassis/src/input.ts";
import { Problem } from "../../services/chassis/src/problem.ts";
import { changedUser, newThread, newUser, page, threadParams } from "../../services/contract/src/index.ts";
import { thrown } from "../support/thrown.ts";

const asked = (parts: Partial<Pick<Request, "params" | "query" | "body">>) => parts as Request;

/** The wrong fields, by name. */
function errors(run: () => unknown): Record<string, string> {
  const error = thrown(run);
  assert.ok(error instanceof Problem);
  assert.equal(error.kind, "invalid-request");
  return Object.fromEntries((error.errors ?? []).map(({ field, message }) => [field, message]));
}

test("the parts come as the contract has them", () => {
  const req = asked({ params: { threadId: "7" }, query: { limit: "3", unknown: "x" }, body: { title: "T" } });
  assert.deepEqual(input(req, { params: threadParams, query: page, body: newThread }), {
    params: { threadId: 7 },
    query: { limit: 3 },
    body: { title: "T" },
  });
});

test("all wrong fields of all parts are named at once", () => {
  const req = asked({ params: { threadId: "x" }, query: { limit: "0" }, body: { title: "" } });
  assert.deepEqual(
    errors(() => input(req, { params: threadParams, query: page, body: newThread })),
    {
      threadId: "must be a positive integer",
      limit: "must be an integer from 1 to 100",
      title: "must not be blank",
    },
  );
});

const bodies: [name: string, body: unknown, errors: Record<string, string>][] = [
  ["no body", undefined, { body: "is missing" }],
  ["an array", [], { body: "must be of type object" }],
  ["a text", "T", { body: "must be of type object" }],
  ["null", null, { body: "must be of type object" }],
  ["a missing field", {}, { title: "is missing" }],
  ["a field of another type", { title: 1 }, { title: "must be of type string" }],
  ["null in a field", { title: null }, { title: "must be of type string" }],
  ["fields that nobody knows", { title: "T", a: 1, b: 2 }, { a: "is not a known field", b: "is not a known field" }],
  ["too long", { title: "x".repeat(201) }, { title: "must have at most 200 characters" }],
  ["U+0000", { title: "a\0b" }, { title: "must not contain the character U+0000" }],
  ["half a character", { title: "\ud83d" }, { title: "must be well-formed Unicode, without lone surrogates" }],
  ["only spaces", { title: " \n\u00a0" }, { title: "must not be blank" }],
];
for (const [name, body, expected] of bodies) {
  test(`${name}: ${Object.keys(expected).join(", ")}`, () => {
    assert.deepEqual(
      errors(() => input(asked({ body }), { body: newThread })),
      expected,
    );
  });
}

test("length counts characters as people do, not the halves that JavaScript sees", () => {
  const title = "😀".repeat(200);
  assert.equal(input(asked({ body: { title } }), { body: newThread }).body.title, title);
});

test("a change of nothing is refused and says what could be changed", () => {
  assert.deepEqual(
    errors(() => input(asked({ body: {} }), { body: changedUser })),
    {
      body: "must have at least one of: name, bio",
    },
  );
});

test("what is wrong with a password does not quote it", () => {
  const body = { username: "ada", password: "hidden", name: "Ada" };
  assert.deepEqual(
    errors(() => input(asked({ body }), { body: newUser })),
    {
      password: "must have at least 8 characters",
    },
  );
});
