import assert from "node:assert/strict";
import { it } from "node:test";
import { endpoints } from "../../services/contract/src/endpoints.ts";
import { expectProblem } from "./expect.ts";
import type { Forum, Method } from "./forum.ts";
import { samplePath, title } from "./samples.ts";

const paths = [...new Set(endpoints.map(({ path }) => path))];
const methodsOf = (path: string): Method[] =>
  endpoints.filter((endpoint) => endpoint.path === path).map(({ method }) => method);

const securityHeaders = {
  "content-security-policy": "default-src 'none';frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-frame-options": "SAMEORIGIN",
};

/** Methods, headers and addresses. */
export function httpCases(forum: Forum): void {
  for (const path of paths) {
    const methods = methodsOf(path);
    const address = () => samplePath({ path }, forum);
    const all = [
      "OPTIONS",
      ...methods.map((method) => method.toUpperCase()),
      ...(methods.includes("get") ? ["HEAD"] : []),
    ];
    const allow = all.sort().join(", ");

    it(`${path} says which methods it knows`, async () => {
      const response = await forum.call("options", address());
      assert.deepEqual([response.status, response.text, response.headers["allow"]], [204, "", allow]);
    });

    it(`${path} refuses other methods`, async () => {
      const others = (["get", "post", "put", "patch", "delete"] as Method[]).filter(
        (method) => !methods.includes(method),
      );
      for (const method of others) {
        const response = await forum.call(method, address());
        expectProblem(response, "method-not-allowed");
        assert.equal(response.headers["allow"], allow);
      }
    });
  }

  for (const path of paths.filter((path) => methodsOf(path).includes("get"))) {
    it(`HEAD ${path} is GET without the body`, async () => {
      const address = samplePath({ path }, forum);
      const [head, get] = [await forum.call("head", address), await forum.call("get", address)];
      assert.equal(head.status, 200);
      assert.ok(!head.text);
      const names = ["content-type", "content-length", "link", "cache-control", ...Object.keys(securityHeaders)];
      for (const name of names) assert.equal(head.headers[name], get.headers[name], name);
    });
  }

  for (const [path, text] of [
    ["/", "Ready to receive requests"],
    ["/api/", "API ready to receive requests"],
  ] as const) {
    it(`GET ${path} greets`, async () => {
      const response = await forum.call("get", path).expect("Content-Type", "text/plain; charset=utf-8");
      assert.deepEqual([response.status, response.text], [200, text]);
    });
  }

  for (const endpoint of endpoints) {
    it(`${title(endpoint)} has the headers of every answer`, async () => {
      // Without body and token most of them are errors, which have the same headers.
      const { headers } = await forum.call(endpoint.method, samplePath(endpoint, forum));
      const has = Object.fromEntries(Object.keys(securityHeaders).map((name) => [name, headers[name] as string]));
      assert.deepEqual(has, securityHeaders);
      if (endpoint.operationId !== "getKeys") assert.equal(headers["cache-control"], "no-store");
      for (const name of ["x-powered-by", "etag"]) assert.equal(headers[name], undefined, name);
    });
  }

  it("knows paths in the case they are written in only", async () => {
    const wrong = [
      "/API/users",
      "/api/Users",
      "/Api/threads",
      "/api/POSTS",
      "/api/users/Sessions",
      "/api/posts/By-User/1",
    ];
    for (const path of wrong) {
      const response = await forum.call("get", path);
      assert.ok([400, 404].includes(response.status), `${path}: ${response.status}`);
      expectProblem(response, response.status === 404 ? "not-found" : "invalid-request");
    }
  });

  it("answers a path with a slash at its end like the path without", async () => {
    const { path, id } = { path: "/api/threads/", id: forum.thread.id };
    await forum.call("get", `${path}?limit=1`).expect(200);
    const [plain, slash] = [await forum.call("get", path + id), await forum.call("get", `${path}${id}/`)];
    assert.deepEqual([slash.status, slash.text], [200, plain.text]);
  });

  it("has nothing at unknown addresses, whatever the method", async () => {
    const unknown = [
      "/nothing",
      "/api/nothing",
      "/api/usersfoo",
      "/api/threads/1/posts",
      "/api/users/1/2",
      "/favicon.ico",
    ];
    for (const path of unknown) {
      for (const method of ["get", "post", "put", "patch", "delete", "options"] as const) {
        expectProblem(await forum.call(method, path), "not-found");
      }
    }
  });

  it("lets nobody send events from outside", async () => {
    const event = { type: "thread-deleted", threadId: forum.thread.id };
    const response = await forum.call("post", "/internal/events", forum.moderator.token).send(event);
    assert.ok([401, 404].includes(response.status), String(response.status));
    await forum.call("get", `/api/posts/${forum.post.id}`).expect(200);
  });
}
