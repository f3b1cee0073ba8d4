import { it } from "node:test";
import assert from "node:assert/strict";
import { expectProblem } from "./expect.ts";
import type { Forum } from "./forum.ts";
import { sampleBody, samplePath, title, withToken } from "./samples.ts";
import { rightToken, wrongTokens } from "./wrong-tokens.ts";

/** What is no token, at every endpoint that asks for one. */
export function tokenCases(forum: Forum): void {
  for (const endpoint of withToken) {
    const call = async (authorization?: string) => {
      const request = forum.call(endpoint.method, samplePath(endpoint, forum));
      if (authorization !== undefined) void request.set("Authorization", authorization);
      return endpoint.body ? request.send(sampleBody(endpoint)) : request;
    };

    it(`${title(endpoint)} asks for a token`, async () => {
      const response = await call();
      expectProblem(response, "unauthenticated");
      // RFC 6750: no error code where no token was sent.
      assert.equal(response.headers["www-authenticate"], 'Bearer realm="api"');
    });

    it(`${title(endpoint)} refuses what is no bearer token`, async () => {
      const { token } = forum.author;
      for (const authorization of ["Bearer", "Bearer ", "Basic YTpi", token, `Bearer ${token} x`, `Bearer: ${token}`]) {
        expectRefusal(await call(authorization), authorization);
      }
    });

    it(`${title(endpoint)} refuses tokens that are wrong in one respect`, async () => {
      for (const [what, token] of Object.entries(await wrongTokens(forum))) {
        expectRefusal(await call(`Bearer ${token}`), what);
      }
    });
  }

  it("takes the scheme in any case and the token as the forum signs it", async () => {
    const response = await forum
      .call("patch", `/api/threads/${forum.thread.id}`)
      .set("Authorization", `bEaReR  ${forum.author.token}`)
      .send({ title: forum.thread.title });
    assert.equal(response.status, 200, response.text);
  });

  // Without it, every wrong token could be refused for the way it is made.
  it("takes a token that the suite signs as the forum does", async () => {
    await forum
      .call("patch", `/api/threads/${forum.thread.id}`, await rightToken(forum))
      .send({ title: forum.thread.title })
      .expect(200);
  });
}

function expectRefusal(response: Awaited<ReturnType<Forum["login"]>>, what: string): void {
  assert.equal(response.status, 401, `${what}: ${response.status} ${response.text}`);
  expectProblem(response, "unauthenticated");
  assert.equal(response.headers["www-authenticate"], 'Bearer realm="api", error="invalid_token"', what);
}
