/** Keys change while tokens of the old one are in use: append, put first, remove, as `TOKEN_KEYS` says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { generateTokenKeys } from "../../services/chassis/src/auth/keys.ts";
import { logIn, newMember, newThread, send } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { startForum } from "../support/forum.ts";

/** One key; a key set is made of several. */
const newKey = async (): Promise<unknown> => (JSON.parse(await generateTokenKeys()) as { keys: unknown[] }).keys[0];
const keySet = (...keys: unknown[]) => JSON.stringify({ keys });
const [oldKey, nextKey] = [await newKey(), await newKey()];

/** What a service gets when it is started next. */
const environment: Record<string, string> = { TOKEN_KEYS: keySet(oldKey) };
const { url, world, child, serviceUrl } = await startForum(["users", "threads", "posts"], environment);
const ada = await newMember(url);
const thread = await newThread(url, ada);

async function rollOut(...keys: unknown[]): Promise<void> {
  environment["TOKEN_KEYS"] = keySet(...keys);
  await child("users").stop();
  await world.start("users");
}

/** What each service says to a token: the status of a write that changes nothing but one row. */
async function statuses(token: string): Promise<number[]> {
  const writes = [
    send("PATCH", `${url}/api/users/${ada.id}`, { token, body: { name: "Ada" } }),
    send("PATCH", `${url}/api/threads/${thread.id}`, { token, body: { title: "Title" } }),
    send("POST", `${url}/api/posts/in-thread/${thread.id}`, { token, body: { text: "Text" } }),
  ];
  return (await Promise.all(writes)).map(({ status }) => status);
}
const ACCEPTED = [200, 200, 201];
const REJECTED = [401, 401, 401];

test("rotation: at no step is a token refused that a running task may have signed", async () => {
  const old = ada.token;
  assert.deepEqual(await statuses(old), ACCEPTED);

  await rollOut(oldKey, nextKey);
  const appended = await logIn(url, ada.username, ada.password);
  assert.deepEqual(await statuses(old), ACCEPTED);
  assert.deepEqual(await statuses(appended), ACCEPTED);

  await rollOut(nextKey, oldKey);
  const renewed = await logIn(url, ada.username, ada.password);
  assert.notEqual(kidOf(renewed), kidOf(appended));
  // Others have the new key by now or fetch it when they meet it, at most once in two seconds.
  await eventually(async () => assert.deepEqual(await statuses(renewed), ACCEPTED));
  assert.deepEqual(await statuses(old), ACCEPTED);
  assert.deepEqual(await statuses(appended), ACCEPTED);

  await rollOut(nextKey);
  await Promise.all(["threads", "posts"].map((name) => child(name).stop()));
  await Promise.all(["threads", "posts"].map((name) => world.start(name)));
  await eventually(async () => assert.deepEqual(await statuses(renewed), ACCEPTED));
  assert.deepEqual(await statuses(old), REJECTED);
  assert.deepEqual(await statuses(appended), REJECTED);
});

test("an unknown key is fetched at once, without a restart of those who check", async () => {
  const surprise = await newKey();
  await rollOut(surprise, nextKey);
  const token = await logIn(url, ada.username, ada.password);
  await eventually(async () => assert.deepEqual(await statuses(token), ACCEPTED), 4000);
});

test("monolith and users accept each other's tokens when they have the same keys", async () => {
  await world.start("monolith");
  const there = await newMember(serviceUrl("monolith"));
  // Both databases were empty but for the moderator, so that these are the same account to a token.
  assert.equal(there.id, ada.id);
  const token = await logIn(url, ada.username, ada.password);
  const body = { bio: "Changed" };
  const atUsers = send("PATCH", `${serviceUrl("users")}/api/users/${ada.id}`, { token: there.token, body });
  assert.equal((await atUsers).status, 200);
  const atMonolith = send("PATCH", `${serviceUrl("monolith")}/api/users/${ada.id}`, { token, body });
  assert.equal((await atMonolith).status, 200);
});

const kidOf = (token: string) =>
  (JSON.parse(Buffer.from(token.split(".")[0]!, "base64url").toString()) as { kid: string }).kid;
