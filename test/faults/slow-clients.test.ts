/** Clients that hold connections and do nothing with them: nobody else may notice, and they do not stay for ever. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { get, newMember, newPost, newThread, send } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { startForum } from "../support/forum.ts";

/** More of each kind than requests are answered at a time. */
const CLIENTS = 100;
const MAX_REQUESTS = 50;
const SILENCE_TIMEOUT = 2000;
/** Clients that do not read, a few of them at a time. */
const UNREAD = 20;
const AT_A_TIME = 5;
/** Characters of a long post, of three bytes each: a page of them has 9 MB, more than the system keeps for a connection. */
const LONG = 30_000;

const { url, postgres, serviceUrl } = await startForum(["users", "threads", "posts"], {
  MAX_REQUESTS: String(MAX_REQUESTS),
  SILENCE_TIMEOUT: String(SILENCE_TIMEOUT),
});
const ada = await newMember(url);
const thread = await newThread(url, ada);
const post = await newPost(url, ada, thread.id);
const address = `${serviceUrl("posts")}/api/posts/${post.id}`;
await postgres.query(
  "posts",
  `INSERT INTO posts (thread_id, user_id, text) SELECT 1, 1, repeat('€', ${LONG}) FROM generate_series(1, 100)`,
);

const sockets: Socket[] = [];
after(() => sockets.forEach((socket) => socket.destroy()));

/** Connects to the service, sends this much, and then neither sends nor reads anything. */
async function silentClient(bytes: string): Promise<Socket> {
  const { hostname, port } = new URL(serviceUrl("posts"));
  const socket = connect(Number(port), hostname).on("error", () => {});
  sockets.push(socket.pause());
  await once(socket, "connect");
  socket.write(bytes);
  return socket;
}

/** Readers and writers are served in time, all the while. */
async function assertNobodyNotices(): Promise<void> {
  for (let i = 0; i < 20; i++) {
    const [read, ready, write] = await Promise.all([
      get(address),
      get(`${serviceUrl("posts")}/ready`),
      send("PATCH", address, { token: ada.token, body: { text: `Changed ${i}` } }),
    ]);
    assert.deepEqual([read.status, ready.status, write.status], [200, 200, 200]);
    for (const { ms } of [read, ready, write]) assert.ok(ms < 1000, `${ms} ms`);
  }
}

const head = `PATCH /api/posts/${post.id} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ada.token}\r\n`;
const kinds: Record<string, string> = {
  "that only connect": "",
  "whose headers do not end": head,
  "whose body does not come": `${head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`,
};

for (const [kind, bytes] of Object.entries(kinds)) {
  test(`${CLIENTS} clients ${kind}: nobody notices, and they are sent away`, async () => {
    const clients = await Promise.all(Array.from({ length: CLIENTS }, () => silentClient(bytes)));
    await assertNobodyNotices();
    for (const client of clients) client.resume();
    await eventually(() => assert.ok(clients.every(({ closed }) => closed)), SILENCE_TIMEOUT + 10_000);
  });
}

test("clients that do not read their answers: nobody notices, and they are sent away", async () => {
  const page = "/api/posts?limit=100";
  const request = `GET ${page} HTTP/1.1\r\nHost: a\r\n\r\n`;
  const clients: Socket[] = [];
  for (let asked = 0; asked < UNREAD; asked += AT_A_TIME) {
    clients.push(...(await Promise.all(Array.from({ length: AT_A_TIME }, () => silentClient(request)))));
    // To make these answers takes its time, read or not; when this one is here, theirs are made.
    assert.equal((await get(serviceUrl("posts") + page)).status, 200);
  }
  await eventually(assertNobodyNotices, 5000);
  // The server's clock for each begins with the last byte that the system took.
  await sleep(3 * SILENCE_TIMEOUT);
  // What is still to come was in the system's hands by then.
  for (const client of clients) client.resume();
  await eventually(() => assert.ok(clients.every(({ closed }) => closed)), 10_000);
  assert.ok(
    clients.every(({ bytesRead }) => bytesRead < 100 * 3 * LONG),
    "an answer has been kept for its client",
  );
});
