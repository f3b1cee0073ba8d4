import assert from "node:assert/strict";
import { it } from "node:test";
import { endpoints, type Endpoint } from "../../services/contract/src/endpoints.ts";
import { expectJson, expectProblem } from "./expect.ts";
import type { Forum, Person } from "./forum.ts";
import { sampleBody, samplePath, title, UNKNOWN_ID } from "./samples.ts";

const owned = endpoints.filter(({ problems }) => problems.includes("forbidden"));
const named = endpoints.filter(({ problems }) => problems.includes("not-found"));

/** Who may change what, and what is not there. */
export function permissionCases(forum: Forum): void {
  const call = async (endpoint: Endpoint, { token }: Pick<Person, "token">, id?: number) => {
    const request = forum.call(endpoint.method, samplePath(endpoint, forum, id), endpoint.token ? token : undefined);
    return endpoint.body ? request.send(sampleBody(endpoint)) : request;
  };
  const read = async ({ path }: Endpoint) => (await forum.call("get", samplePath({ path }, forum))).text;

  for (const endpoint of owned) {
    it(`${title(endpoint)} is not for others`, async () => {
      const before = await read(endpoint);
      expectProblem(await call(endpoint, forum.other), "forbidden");
      assert.equal(await read(endpoint), before);
    });
  }

  for (const endpoint of named) {
    it(`${title(endpoint)} says that an unknown id is unknown, to everybody alike`, async () => {
      for (const id of [UNKNOWN_ID, 2 ** 40]) {
        expectProblem(await call(endpoint, forum.author, id), "not-found");
        expectProblem(await call(endpoint, forum.moderator, id), "not-found");
      }
    });
  }

  it("lets a moderator change what others made", async () => {
    const owner = await forum.register();
    const thread = await forum.newThread(owner);
    const post = await forum.newPost(owner, thread);
    const change = (path: string, body: object) => forum.call("patch", path, forum.moderator.token).send(body);
    const title = "Mind your tone";
    expectJson(await change(`/api/threads/${thread.id}`, { title }), 200, { ...thread, title });
    const { body } = await change(`/api/posts/${post.id}`, { text: "[removed]" }).expect(200);
    assert.equal((body as { user: number }).user, owner.id);
    const { password: _password, token: _token, ...user } = owner;
    expectJson(await change(`/api/users/${owner.id}`, { bio: "" }), 200, { ...user, bio: "" });
  });

  it("lets a moderator delete what others made", async () => {
    const owner = await forum.register();
    const thread = await forum.newThread(owner);
    const post = await forum.newPost(owner, thread);
    for (const path of [`/api/posts/${post.id}`, `/api/threads/${thread.id}`, `/api/users/${owner.id}`]) {
      await forum.call("delete", path, forum.moderator.token).expect(204);
    }
    expectProblem(await forum.call("get", `/api/threads/${thread.id}`), "not-found");
  });

  it("lets an author delete neither the thread nor the posts of another in it", async () => {
    const thread = await forum.newThread(forum.other);
    const post = await forum.newPost(forum.author, thread);
    expectProblem(await forum.call("delete", `/api/threads/${thread.id}`, forum.author.token), "forbidden");
    expectProblem(await forum.call("delete", `/api/posts/${post.id}`, forum.other.token), "forbidden");
  });
}
