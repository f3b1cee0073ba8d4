/** Guessing passwords is limited, however many guesses come at once and whichever task they meet. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { logIn, newMember, send } from "../support/client.ts";
import { startForum } from "../support/forum.ts";

const PER_ACCOUNT = 5;
const { url, world, serviceUrl, startAnother, output } = await startForum(["users"], {
  LOGIN_FAILURES_PER_ACCOUNT: String(PER_ACCOUNT),
});
const { url: another } = await startAnother("users");
world.gateway.setTargets({ users: [new URL(serviceUrl("users")), new URL(another)] });

const guess = (username: string, password = "a wrong password") =>
  send("POST", `${url}/api/users/sessions`, { body: { username, password } });

/** Of this many guesses at once, how many got to the password. */
async function guessAtOnce(username: string, count: number) {
  const answers = await Promise.all(Array.from({ length: count }, () => guess(username)));
  for (const { status, headers } of answers.filter(({ status }) => status !== 401)) {
    assert.equal(status, 429);
    assert.match(String(headers["retry-after"]), /^[1-9][0-9]*$/);
  }
  return answers.filter(({ status }) => status === 401).length;
}

test("parallel guesses over two tasks: no more than the limit are looked at", async () => {
  const { username } = await newMember(url);
  assert.equal(await guessAtOnce(username, 4 * PER_ACCOUNT), PER_ACCOUNT);
});

test("then even the right password is refused, in any case of the name, by both tasks", async () => {
  const { username, password } = await newMember(url);
  await guessAtOnce(username, PER_ACCOUNT);
  for (const name of [username, username.toUpperCase()]) {
    for (const task of [serviceUrl("users"), another]) {
      const body = { username: name, password };
      // The gateway's entry is what the limit counts by; straight at a task the test sets it itself.
      const headers = { "x-forwarded-for": "127.0.0.1" };
      assert.equal((await send("POST", `${task}/api/users/sessions`, { body, headers })).status, 429);
    }
  }
});

test("another account is not concerned, and a login forgives what failed before it", async () => {
  const { username, password } = await newMember(url);
  for (let round = 0; round < 3; round++) {
    assert.equal(await guessAtOnce(username, PER_ACCOUNT - 1), PER_ACCOUNT - 1);
    await logIn(url, username, password);
  }
});

test("a name that nobody has is limited in the same way: the answers do not tell which names exist", async () => {
  assert.equal(await guessAtOnce("nobody-at-all", 2 * PER_ACCOUNT), PER_ACCOUNT);
});

test("no password and no token is in any line of the logs", async () => {
  const { username, password, token } = await newMember(url);
  await guess(username, "another secret");
  await send("PATCH", `${url}/api/users/1`, { token, body: { name: "Not mine" } });
  const text = output.join("\n");
  assert.match(text, /POST \/api\/users\/sessions 401/, "there are logs");
  for (const secret of [password, token, "another secret", "a wrong password"]) assert.ok(!text.includes(secret));
});
