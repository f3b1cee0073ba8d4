import assert from "node:assert/strict";
import { it } from "node:test";
import { gzipSync } from "node:zlib";
import { expectProblem } from "./expect.ts";
import type { Forum } from "./forum.ts";
import { fieldsOf, sampleBody, sampleCall, title, withBody } from "./samples.ts";

/** Fields with a bound: how many code points they may have. */
const bounds: Record<string, Record<string, number>> = {
  createUser: { password: 200, name: 100, bio: 2000 },
  createSession: { username: 100, password: 200 },
  changeUser: { name: 100, bio: 2000 },
  createThread: { title: 200 },
  changeThread: { title: 200 },
  createPost: { text: 30_000 },
  changePost: { text: 30_000 },
};

/** A text of so many code points, two thirds of them outside of the basic plane: two UTF-16 units, four bytes. */
const wide = (length: number): string => "😀".repeat(Math.ceil((length * 2) / 3)) + "a".repeat(Math.floor(length / 3));

/** What is wrong with bodies, at every endpoint that takes one. */
export function bodyCases(forum: Forum): void {
  for (const endpoint of withBody) {
    const name = title(endpoint);
    const send = (body: unknown, type = "application/json") =>
      sampleCall(endpoint, forum)
        .set("Content-Type", type)
        .send(typeof body === "string" ? body : JSON.stringify(body));
    const bounded = bounds[endpoint.operationId]!;

    it(`${name} refuses what is not JSON`, async () => {
      for (const text of [
        "{",
        '{"title":',
        "{'a':1}",
        '{"a":1}}',
        "undefined",
        "NaN",
        '{"a":01}',
        '"text"',
        "5",
        "null",
      ])
        expectProblem(await send(text), "invalid-request", ["body"]);
    });

    it(`${name} wants an object`, async () => {
      for (const body of [[], [sampleBody(endpoint)]]) expectProblem(await send(body), "invalid-request", ["body"]);
    });

    it(`${name} names each field that it does not know`, async () => {
      const response = await send({ ...sampleBody(endpoint), role: "moderator", id: 1 });
      expectProblem(response, "invalid-request", ["id", "role"]);
    });

    it(`${name} names each field that is missing`, async () => {
      // A change needs one field of several, whichever; a new account none for its biography.
      const optional = { changeUser: ["name", "bio"], createUser: ["bio"] }[endpoint.operationId] ?? [];
      const required = fieldsOf(endpoint).filter((field) => !optional.includes(field));
      for (const body of [{}, ""]) {
        expectProblem(await send(body), "invalid-request", required.length > 0 ? required : ["body"]);
      }
    });

    it(`${name} names each field of a wrong type`, async () => {
      for (const value of [null, 1, true, {}, [], ["text"]]) {
        const body = Object.fromEntries(fieldsOf(endpoint).map((field) => [field, value]));
        expectProblem(await send(body), "invalid-request", fieldsOf(endpoint));
      }
    });

    it(`${name} names a field that is too long by one character`, async () => {
      for (const [field, most] of Object.entries(bounded)) {
        const response = await send({ ...sampleBody(endpoint), [field]: wide(most + 1) });
        expectProblem(response, "invalid-request", [field]);
      }
    });

    it(`${name} takes fields as long as they may be, counted in code points`, async () => {
      const longest = Object.fromEntries(Object.entries(bounded).map(([field, most]) => [field, wide(most)]));
      const response = await send({ ...sampleBody(endpoint), ...longest });
      // There is no such account; that its name is not too long is what matters here.
      assert.equal(response.status, endpoint.operationId === "createSession" ? 401 : endpoint.success.status);
    });

    it(`${name} wants something visible in a text`, async () => {
      for (const field of Object.keys(bounded).filter((field) => field !== "bio")) {
        for (const blank of ["", " ", "\n\t ", "\u00a0\u3000"]) {
          expectProblem(await send({ ...sampleBody(endpoint), [field]: blank }), "invalid-request", [field]);
        }
      }
    });

    it(`${name} refuses a body over 100 kB`, async () => {
      for (const kilobytes of [100, 1000]) {
        expectProblem(await send({ ...sampleBody(endpoint), padding: "a".repeat(kilobytes * 1024) }), "too-large");
      }
    });

    it(`${name} refuses other content types`, async () => {
      const json = JSON.stringify(sampleBody(endpoint));
      const types = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json"];
      for (const type of [...types, "application/jsonp", "application/json; charset=latin1", "nonsense"]) {
        expectProblem(await send(json, type), "unsupported-media-type");
      }
      expectProblem(await send(json).unset("Content-Type"), "unsupported-media-type");
    });

    it(`${name} takes JSON with a charset and a body in other words for it`, async () => {
      for (const type of ["application/json; charset=utf-8", "Application/JSON", 'application/json;charset="UTF-8"']) {
        const { status } = await send(sampleBody(endpoint), type);
        assert.equal(status, endpoint.operationId === "createSession" ? 401 : endpoint.success.status);
      }
    });

    it(`${name} refuses compressed bodies: they hide their size`, async () => {
      const packed = gzipSync(JSON.stringify(sampleBody(endpoint)));
      const call = sampleCall(endpoint, forum).set("Content-Type", "application/json").set("Content-Encoding", "gzip");
      expectProblem(await call.serialize((body: unknown) => body as string).send(packed), "unsupported-media-type");
    });
  }
}
