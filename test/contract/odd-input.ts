import assert from "node:assert/strict";
import { it } from "node:test";
import { expectProblem } from "./expect.ts";
import { freshName, type Forum } from "./forum.ts";
import { fieldsOf, sampleBody, sampleCall, samplePath, title, withBody } from "./samples.ts";

/** Texts that are dangerous to whoever takes them for anything but data. */
const data: Record<string, string> = {
  SQL: `'; DROP TABLE users; -- " \\' $1 %s`,
  HTML: `<script>alert("&amp;")</script><!-- --> {{7*7}} \${7*7}`,
  "control characters": "a\u0001\u0008\u001b[31m\u007f\u0085b\r\nc\td",
  "invisible characters": "a\u200b\u202e\u2066\ufeff\u00adb",
  "characters beyond the basic plane": "a 👩‍👩‍👧‍👦 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \u{10ffff}",
  "combining marks in their order": "Z\u0351\u036b\u0343 e\u0301 \u00e9",
  "names of JavaScript": "__proto__ constructor toString",
  "what looks like other types": "null",
  "paths and templates": "../../etc/passwd ${jndi:ldap://x} %00 %2e%2e",
};

/** What PostgreSQL cannot store, as JSON escapes it. */
const unstorable: Record<string, string> = {
  "U+0000": String.raw`a\u0000b`,
  "a lone high surrogate": String.raw`a\ud800`,
  "a lone low surrogate": String.raw`\udc00b`,
  "surrogates in the wrong order": String.raw`\udc00\ud800`,
};

/** Input that is no mistake of a client but an attempt: it is data or it is refused, and never an error of the forum. */
export function oddInputCases(forum: Forum): void {
  for (const endpoint of withBody) {
    const name = title(endpoint);
    const fields = fieldsOf(endpoint);
    const raw = (json: string) => sampleCall(endpoint, forum).set("Content-Type", "application/json").send(json);
    const texts = fields.filter((field) => field !== "username");

    it(`${name} refuses what cannot be stored`, async () => {
      for (const [what, escaped] of Object.entries(unstorable)) {
        for (const field of fields) {
          const json = JSON.stringify({ ...sampleBody(endpoint), [field]: "@@" }).replace("@@", escaped);
          const response = await raw(json);
          assert.equal(response.status, 400, `${what} in ${field}`);
          expectProblem(response, "invalid-request", [field]);
        }
      }
    });

    it(`${name} refuses the names of JavaScript's own properties`, async () => {
      const [first] = JSON.stringify(sampleBody(endpoint)).split(/}$/);
      for (const key of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
        expectProblem(await raw(`${first},${JSON.stringify(key)}:{"role":"moderator"}}`), "invalid-request", [key]);
      }
      assert.equal(({} as { role?: string }).role, undefined);
    });

    it(`${name} refuses deep nesting`, async () => {
      for (const [open, close] of [
        ["[", "]"],
        ['{"a":', "}"],
      ] as const) {
        const deep = `${open.repeat(10_000)}1${close.repeat(10_000)}`;
        expectProblem(await raw(`{"${fields[0]}":${deep}}`), "invalid-request");
        expectProblem(await raw(deep), "invalid-request");
      }
    });

    if (endpoint.operationId === "createSession") continue;

    for (const [what, text] of Object.entries(data)) {
      it(`${name} stores ${what} as data`, async () => {
        const body = { ...sampleBody(endpoint), ...Object.fromEntries(texts.map((field) => [field, text])) };
        const sent = await sampleCall(endpoint, forum).send(
          "password" in body ? { ...body, password: `12345678${text}` } : body,
        );
        assert.equal(sent.status, endpoint.success.status, sent.text);
        const path = sent.headers["location"] ?? samplePath(endpoint, forum);
        const stored = (await forum.call("get", path).expect(200)).body as Record<string, unknown>;
        for (const field of texts.filter((name) => name !== "password")) assert.equal(stored[field], text, field);
      });
    }
  }

  it("logs in with whatever text was chosen as the password", async () => {
    const password = `12345678${Object.values(data).join(" ").slice(0, 150)}`.toWellFormed();
    const username = freshName();
    await forum.call("post", "/api/users").send({ username, password, name: "x" }).expect(201);
    assert.equal((await forum.login(username, password)).status, 201);
  });

  it("answers usernames that cannot exist as it answers unknown ones", async () => {
    for (const username of ["' OR 1=1 --", "deleted~1", "%", "*", "mod_rator"]) {
      expectProblem(await forum.login(username, "12345678"), "unauthenticated");
    }
  });

  it("takes the last of two fields of the same name", async () => {
    const path = `/api/threads/${forum.thread.id}`;
    const call = forum.call("patch", path, forum.author.token).set("Content-Type", "application/json");
    const response = await call.send('{"title":"first","title":"last"}');
    assert.equal((response.body as { title: string }).title, "last");
  });
}
