import assert from "node:assert/strict";
import { it } from "node:test";
import type { Post } from "../../services/contract/src/index.ts";
import { eventually } from "../support/eventually.ts";
import { expectJson, expectNow, expectProblem } from "./expect.ts";
import type { Forum } from "./forum.ts";

/** Posts: written, read, changed, deleted. */
export function postCases(forum: Forum): void {
  it("posts into a thread and tells where it is", async () => {
    const [user, thread] = [forum.other.id, forum.thread.id];
    const path = `/api/posts/in-thread/${thread}`;
    const response = await forum.call("post", path, forum.other.token).send({ text: "So it is.\nIndeed." });
    const { id, createdAt, updatedAt } = response.body as Post;
    expectJson(response, 201, { id, thread, user, text: "So it is.\nIndeed.", createdAt, updatedAt });
    assert.ok(Number.isSafeInteger(id) && id > 0);
    expectNow(createdAt);
    assert.equal(updatedAt, createdAt);
    assert.equal(response.headers["location"], `/api/posts/${id}`);
    expectJson(await forum.call("get", `/api/posts/${id}`), 200, response.body);
  });

  it("changes a text and remembers when", async () => {
    const post = await forum.newPost(forum.author, forum.thread);
    const path = `/api/posts/${post.id}`;
    await eventually(async () => assert.ok(Date.now() > Date.parse(post.createdAt) + 1));
    const response = await forum.call("patch", path, forum.author.token).send({ text: "On second thoughts" });
    const { updatedAt } = response.body as Post;
    expectJson(response, 200, { ...post, text: "On second thoughts", updatedAt });
    expectNow(updatedAt);
    assert.ok(updatedAt > post.createdAt, `${updatedAt} is not after ${post.createdAt}`);
    expectJson(await forum.call("get", path), 200, response.body);
  });

  it("deletes a post", async () => {
    const post = await forum.newPost(forum.author, forum.thread);
    const path = `/api/posts/${post.id}`;
    const response = await forum.call("delete", path, forum.author.token);
    assert.deepEqual([response.status, response.text], [204, ""]);
    expectProblem(await forum.call("get", path), "not-found");
    expectProblem(await forum.call("patch", path, forum.author.token).send({ text: "x" }), "not-found");
    expectProblem(await forum.call("delete", path, forum.author.token), "not-found");
    const left = (await forum.call("get", `/api/posts/in-thread/${forum.thread.id}?limit=100`)).body as Post[];
    assert.ok(left.every(({ id }) => id !== post.id));
  });

  it("moves no post to another thread or author", async () => {
    const response = await forum
      .call("patch", `/api/posts/${forum.post.id}`, forum.author.token)
      .send({ text: "A post", thread: 1, user: 1 });
    expectProblem(response, "invalid-request", ["thread", "user"]);
  });
}
