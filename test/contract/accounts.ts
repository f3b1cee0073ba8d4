import assert from "node:assert/strict";
import { it } from "node:test";
import type { User } from "../../services/contract/src/index.ts";
import { eventually } from "../support/eventually.ts";
import { expectJson, expectProblem } from "./expect.ts";
import type { Forum, Person } from "./forum.ts";
import { sampleBody, samplePath, title, withToken } from "./samples.ts";

/** What is left of an account that is deleted. */
export function accountCases(forum: Forum): void {
  const remove = ({ id, token }: Pick<Person, "id" | "token">, by = token) =>
    forum.call("delete", `/api/users/${id}`, by);

  const removed = async (): Promise<Person> => {
    const person = await forum.register();
    const response = await remove(person);
    assert.deepEqual([response.status, response.text], [204, ""]);
    return person;
  };

  it("makes a deleted account anonymous", async () => {
    const { id, createdAt } = await removed();
    const anonymous = { id, username: `deleted~${id}`, name: "Deleted account", bio: "", createdAt };
    expectJson(await forum.call("get", `/api/users/${id}`), 200, anonymous);
  });

  it("keeps what a deleted account wrote", async () => {
    const writer = await forum.register();
    const thread = await forum.newThread(writer);
    const post = await forum.newPost(writer, thread);
    await remove(writer).expect(204);
    expectJson(await forum.call("get", `/api/threads/${thread.id}`), 200, thread);
    expectJson(await forum.call("get", `/api/posts/by-user/${writer.id}`), 200, [post]);
  });

  it("lets nobody log in to a deleted account", async () => {
    const { id, username, password } = await removed();
    for (const name of [username, `deleted~${id}`]) expectProblem(await forum.login(name, password), "unauthenticated");
  });

  it("frees the username of a deleted account", async () => {
    const { id, username, name } = await removed();
    const response = await forum.call("post", "/api/users").send({ username, name, password: "correct horse" });
    assert.equal(response.status, 201, response.text);
    assert.notEqual((response.body as User).id, id);
  });

  it("changes a deleted account no more, not even by a moderator", async () => {
    const { id } = await removed();
    const response = await forum.call("patch", `/api/users/${id}`, forum.moderator.token).send({ name: "Back again" });
    expectProblem(response, "conflict");
  });

  it("lets a deleted account be deleted again by a moderator, to no effect", async () => {
    const person = await removed();
    const { body } = await forum.call("get", `/api/users/${person.id}`);
    await remove(person, forum.moderator.token).expect(204);
    expectJson(await forum.call("get", `/api/users/${person.id}`), 200, body);
  });

  it("withdraws the tokens of a deleted account everywhere within 5 s", async () => {
    const { token } = await removed();
    for (const endpoint of withToken) {
      await eventually(async () => {
        const call = forum.call(endpoint.method, samplePath(endpoint, forum, 1), token);
        const response = await (endpoint.body ? call.send(sampleBody(endpoint)) : call);
        expectProblem(response, "unauthenticated");
        assert.match(response.headers["www-authenticate"] as string, /error="invalid_token"/, title(endpoint));
      });
    }
  });
}
