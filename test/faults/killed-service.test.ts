/** A service that dies takes down its own paths and nothing else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  assertUnavailable,
  expectStatus,
  get,
  newMember,
  newPost,
  newThread,
  send,
  tryToPost,
} from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { startForum } from "../support/forum.ts";

const all = ["monolith", "users", "threads", "posts"];
const { url, world, child } = await startForum(all);
const ada = await newMember(url);
const thread = await newThread(url, ada);
await newPost(url, ada, thread.id);

/** A path of each service, answered with 200 while it lives. */
const paths: Record<string, string> = {
  monolith: "/",
  users: `/api/users/${ada.id}`,
  threads: `/api/threads/${thread.id}`,
  posts: `/api/posts/in-thread/${thread.id}`,
};

for (const name of all) {
  test(`${name} killed: only its own paths fail, until it is started again`, async () => {
    await child(name).kill();
    for (const [other, path] of Object.entries(paths)) {
      const { status } = await get(url + path);
      if (other === name) assert.ok(status === 502 || status === 503, `${path} answered ${status}`);
      else assert.equal(status, 200, path);
    }
    await world.start(name);
    await eventually(async () => {
      for (const path of Object.values(paths)) assert.equal((await get(url + path)).status, 200, path);
    });
  });
}

test("users killed: the others go on accepting its tokens, with the keys they have kept", async () => {
  // They have been started again: a service has the keys with the first token, or after a second.
  await newPost(url, ada, (await newThread(url, ada)).id);
  await child("users").kill();
  const another = await newThread(url, ada, "Opened without users");
  await newPost(url, ada, another.id, "Posted without users");
  const patch = send("PATCH", `${url}/api/threads/${another.id}`, { token: ada.token, body: { title: "Changed" } });
  await expectStatus(200, patch);
  await world.start("users");
});

test("users away since before a service's start: writing is 503, reading is 200, and both well after", async () => {
  await child("users").kill();
  await child("posts").kill();
  await world.start("posts");
  assert.equal((await get(url + paths["posts"])).status, 200);
  assertUnavailable(await tryToPost(url, ada, thread.id));
  await world.start("users");
  await eventually(() => newPost(url, ada, thread.id));
});

test("posts killed: threads are opened, changed and deleted", async () => {
  await child("posts").kill();
  const another = await newThread(url, ada);
  const address = `${url}/api/threads/${another.id}`;
  await expectStatus(200, send("PATCH", address, { token: ada.token, body: { title: "Changed" } }));
  await expectStatus(204, send("DELETE", address, { token: ada.token }));
  await world.start("posts");
});
