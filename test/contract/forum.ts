import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import supertest, { type Response, type Test } from "supertest";
import type { Post, Thread, User } from "../../services/contract/src/index.ts";
import { subjectOf } from "../support/subject.ts";

/** A running forum, whatever its shape, and what a test must know to be anybody in it. */
export interface Target {
  url: string;
  moderator: { username: string; password: string };
  /** The private keys that it signs tokens with, to make tokens that are wrong in one respect only. */
  tokenKeys: string;
}

export interface Person extends User {
  password: string;
  token: string;
}

export type Method = "get" | "head" | "post" | "put" | "patch" | "delete" | "options";

/** A forum as the cases see it. People and things in it are there once `settle` has ended. */
export interface Forum {
  readonly target: Target;
  /** Every answer so far: `METHOD /path STATUS`. */
  readonly answers: Set<string>;
  readonly author: Person;
  readonly other: Person;
  readonly moderator: Pick<Person, "id" | "token">;
  /** A thread of the author. */
  readonly thread: Thread;
  /** A post of the author in that thread. */
  readonly post: Post;
  call(method: Method, path: string, token?: string): Test;
  register(): Promise<Person>;
  login(username: string, password: string): Promise<Response>;
  newThread(by: Person, title?: string): Promise<Thread>;
  newPost(by: Person, thread: Thread, text?: string): Promise<Post>;
  settle(): Promise<void>;
}

/** A username that nobody has. */
export const freshName = (): string => `u${randomBytes(8).toString("hex")}`;

export function openForum(target: () => Target): Forum {
  const answers = new Set<string>();
  let session: ReturnType<typeof supertest.agent> | undefined;

  const forum: Omit<Forum, "author" | "other" | "moderator" | "thread" | "post"> = {
    get target() {
      return target();
    },
    answers,
    call(method, path, token) {
      // With its cookies: a client that keeps them reads what it has written, also while modules move.
      session ??= supertest.agent(target().url);
      const call = session[method](path);
      if (token !== undefined) void call.set("Authorization", `Bearer ${token}`);
      return call.on("response", ({ status }) => answers.add(`${method} ${path.replace(/\?.*/, "")} ${status}`));
    },
    async register() {
      const password = randomBytes(9).toString("base64");
      const account = { username: freshName(), password, name: "Ada Lovelace", bio: "Counts" };
      const { body } = await forum.call("post", "/api/users").send(account).expect(201);
      const session = await forum.login(account.username, password);
      assert.equal(session.status, 201, session.text);
      return { ...(body as User), password, token: (session.body as { token: string }).token };
    },
    login: async (username, password) => forum.call("post", "/api/users/sessions").send({ username, password }),
    async newThread(by, title = "A thread") {
      return (await forum.call("post", "/api/threads", by.token).send({ title }).expect(201)).body as Thread;
    },
    async newPost(by, thread, text = "A post") {
      const path = `/api/posts/in-thread/${thread.id}`;
      return (await forum.call("post", path, by.token).send({ text }).expect(201)).body as Post;
    },
    async settle() {
      const { username, password } = target().moderator;
      const session = await forum.login(username, password);
      assert.equal(session.status, 201, `the moderator cannot log in: ${session.text}`);
      const { token } = session.body as { token: string };
      const author = await forum.register();
      const thread = await forum.newThread(author);
      const post = await forum.newPost(author, thread);
      Object.assign(forum, {
        ...{ author, thread, post, other: await forum.register() },
        moderator: { id: subjectOf(token), token },
      });
    },
  };
  return forum as Forum;
}
