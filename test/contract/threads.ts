import assert from "node:assert/strict";
import { it } from "node:test";
import type { Post, Thread } from "../../services/contract/src/index.ts";
import { eventually } from "../support/eventually.ts";
import { expectJson, expectNow, expectProblem } from "./expect.ts";
import type { Forum } from "./forum.ts";

/** Threads: opened, read, renamed, deleted with their posts. */
export function threadCases(forum: Forum): void {
  it("opens a thread and tells where it is", async () => {
    const { id: createdBy, token } = forum.author;
    const response = await forum.call("post", "/api/threads", token).send({ title: "Where to?" });
    const { id, createdAt } = response.body as Thread;
    expectJson(response, 201, { id, title: "Where to?", createdBy, createdAt });
    assert.ok(Number.isSafeInteger(id) && id > 0);
    expectNow(createdAt);
    assert.equal(response.headers["location"], `/api/threads/${id}`);
    expectJson(await forum.call("get", `/api/threads/${id}`), 200, response.body);
  });

  it("renames a thread and changes nothing else", async () => {
    const thread = await forum.newThread(forum.author);
    const path = `/api/threads/${thread.id}`;
    const renamed = { ...thread, title: "Where from?" };
    expectJson(await forum.call("patch", path, forum.author.token).send({ title: "Where from?" }), 200, renamed);
    expectJson(await forum.call("get", path), 200, renamed);
  });

  it("deletes a thread", async () => {
    const thread = await forum.newThread(forum.author);
    const path = `/api/threads/${thread.id}`;
    const response = await forum.call("delete", path, forum.author.token);
    assert.deepEqual([response.status, response.text], [204, ""]);
    expectProblem(await forum.call("get", path), "not-found");
    expectProblem(await forum.call("patch", path, forum.author.token).send({ title: "x" }), "not-found");
    expectProblem(await forum.call("delete", path, forum.author.token), "not-found");
  });

  it("takes the posts of a deleted thread along, and no others", async () => {
    const [thread, beside] = [await forum.newThread(forum.author), await forum.newThread(forum.author)];
    const posts = [await forum.newPost(forum.author, thread), await forum.newPost(forum.other, thread)];
    const kept = await forum.newPost(forum.other, beside);
    await forum.call("delete", `/api/threads/${thread.id}`, forum.author.token).expect(204);
    await eventually(async () => {
      expectJson(await forum.call("get", `/api/posts/in-thread/${thread.id}`), 200, []);
      for (const { id } of posts) expectProblem(await forum.call("get", `/api/posts/${id}`), "not-found");
    });
    const ofOther = (await forum.call("get", `/api/posts/by-user/${forum.other.id}?limit=100`)).body as Post[];
    assert.ok(ofOther.every(({ id }) => id !== posts[1]!.id));
    expectJson(await forum.call("get", `/api/posts/${kept.id}`), 200, kept);
  });

  it("takes no post into a deleted thread", async () => {
    const thread = await forum.newThread(forum.author);
    await forum.call("delete", `/api/threads/${thread.id}`, forum.author.token).expect(204);
    const response = await forum
      .call("post", `/api/posts/in-thread/${thread.id}`, forum.author.token)
      .send({ text: "Too late" });
    expectProblem(response, "not-found");
  });

  it("lets a deletion be asked for twice at once", async () => {
    const thread = await forum.newThread(forum.author);
    const remove = () => forum.call("delete", `/api/threads/${thread.id}`, forum.author.token);
    const statuses = (await Promise.all([remove(), remove()])).map(({ status }) => status);
    assert.ok(statuses.includes(204) && statuses.every((status) => [204, 404].includes(status)), String(statuses));
  });
}
