import assert from "node:assert/strict";
import { it } from "node:test";
import type { User } from "../../services/contract/src/index.ts";
import { expectJson, expectNow, expectProblem } from "./expect.ts";
import { freshName, type Forum } from "./forum.ts";

/** Accounts: made, read, changed. */
export function userCases(forum: Forum): void {
  const newUser = (fields: object = {}) => ({
    username: freshName(),
    password: "correct horse",
    name: "Grace Hopper",
    ...fields,
  });
  const create = (account: object) => forum.call("post", "/api/users").send(account);

  it("registers an account and tells where it is", async () => {
    const account = newUser({ bio: "Debugs" });
    const response = await create(account);
    const { id, createdAt } = response.body as User;
    expectJson(response, 201, { id, username: account.username, name: account.name, bio: "Debugs", createdAt });
    assert.ok(Number.isSafeInteger(id) && id > 0);
    expectNow(createdAt);
    assert.equal(response.headers["location"], `/api/users/${id}`);
    expectJson(await forum.call("get", `/api/users/${id}`), 200, response.body);
  });

  it("never shows a password", async () => {
    const account = newUser({ password: `secret-${freshName()}` });
    const response = await create(account);
    assert.ok(!response.text.includes(account.password));
    assert.deepEqual(Object.keys(response.body as User), ["id", "username", "name", "bio", "createdAt"]);
  });

  it("has an empty biography where none is given", async () => {
    assert.equal(((await create(newUser())).body as User).bio, "");
  });

  it("keeps the case of a username", async () => {
    const username = `Grace.Hopper-${freshName()}`;
    assert.equal(((await create(newUser({ username }))).body as User).username, username);
  });

  it("refuses a username that is taken, in any case", async () => {
    const { username } = forum.author;
    for (const taken of [username, username.toUpperCase()]) {
      expectProblem(await create(newUser({ username: taken })), "conflict", ["username"]);
    }
  });

  it("gives a username to one of two who ask at once", async () => {
    const account = newUser();
    const statuses = (await Promise.all([create(account), create(account)])).map(({ status }) => status);
    assert.deepEqual(
      statuses.sort((a, b) => a - b),
      [201, 409],
    );
  });

  it("takes usernames by their rule only", async () => {
    const bad = ["ab", "a".repeat(41), "-ab", "ab-", "a b", "ädа", "a/b", "a~b", "", " abc", "abc\n"];
    for (const username of bad) expectProblem(await create(newUser({ username })), "invalid-request", ["username"]);
    const long = freshName().padEnd(40, "x");
    assert.equal((await create(newUser({ username: long }))).status, 201);
  });

  it("asks for a password of 8 characters", async () => {
    expectProblem(await create(newUser({ password: "1234567" })), "invalid-request", ["password"]);
    assert.equal((await create(newUser({ password: "12345678" }))).status, 201);
  });

  it("changes name and biography, together and each alone", async () => {
    const { token, password: _password, ...user } = await forum.register();
    const change = (fields: object) => forum.call("patch", `/api/users/${user.id}`, token).send(fields);
    expectJson(await change({ name: "Ada King" }), 200, { ...user, name: "Ada King" });
    expectJson(await change({ bio: "" }), 200, { ...user, name: "Ada King", bio: "" });
    const changed = { ...user, name: "Countess", bio: "Notes A to G" };
    expectJson(await change({ name: changed.name, bio: changed.bio }), 200, changed);
    expectJson(await forum.call("get", `/api/users/${user.id}`), 200, changed);
  });

  it("changes neither username nor password nor role", async () => {
    const { id, token } = forum.author;
    const response = await forum
      .call("patch", `/api/users/${id}`, token)
      .send({ username: "x", password: "y", role: "moderator" });
    expectProblem(response, "invalid-request", ["body", "password", "role", "username"]);
  });

  it("publishes the keys of tokens, and only their public halves", async () => {
    const response = await forum.call("get", "/api/users/keys").expect(200);
    assert.match(response.headers["content-type"] ?? "", /^application\/json/);
    assert.equal(response.headers["cache-control"], "public, max-age=60");
    const { keys } = response.body as { keys: Record<string, string>[] };
    assert.ok(keys.length > 0);
    for (const key of keys) {
      assert.ok(key["kid"] && key["x"] && !("d" in key));
      assert.equal(key["use"], "sig");
    }
  });
}
