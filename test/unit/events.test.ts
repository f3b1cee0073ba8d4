import assert from "node:assert/strict";
import { after, test } from "node:test";
import express from "express";
import { EVENTS_PATH, type Event } from "../../services/contract/src/index.ts";
import { errorAnswer } from "../../services/chassis/src/errors.ts";
import { eventRoutes } from "../../services/chassis/src/events.ts";
import { createLog } from "../../services/chassis/src/log.ts";
import { send } from "../support/client.ts";
import { listening } from "../support/loopback.ts";

const secret = "s".repeat(32);
const handled: Event[] = [];
const app = express()
  .use(eventRoutes(secret, { "thread-deleted": async (event) => void handled.push(event) }))
  .use(errorAnswer(createLog("test", "silent")));
const server = await listening(app);
after(server.close);

const deleted = { type: "thread-deleted", threadId: 7 };
const deliver = async (body: unknown, token?: string) =>
  (await send("POST", server.url + EVENTS_PATH, { token, body })).status;

test("an event is handled and confirmed", async () => {
  assert.equal(await deliver(deleted, secret), 204);
  assert.deepEqual(handled.splice(0), [deleted]);
});

test("a known event that nobody here is concerned by is confirmed: it shall not come again", async () => {
  assert.equal(await deliver({ type: "account-withdrawn", userId: 1 }, secret), 204);
  assert.deepEqual(handled, []);
});

for (const [name, token] of Object.entries({
  "no secret": undefined,
  "another secret": "x".repeat(32),
  "a part of the secret": secret.slice(1),
  "more than the secret": `${secret}s`,
})) {
  test(`${name}: 401, and nothing is done`, async () => {
    assert.equal(await deliver(deleted, token), 401);
    assert.deepEqual(handled, []);
  });
}

for (const [name, body] of Object.entries({
  "an unknown type": { type: "forum-deleted" },
  "no id": { type: "thread-deleted" },
  "an id that is none": { type: "thread-deleted", threadId: "7" },
  "more than belongs to it": { ...deleted, userId: 1 },
})) {
  test(`an event with ${name}: 400, and nothing is done`, async () => {
    assert.equal(await deliver(body, secret), 400);
    assert.deepEqual(handled, []);
  });
}
