import assert from "node:assert/strict";
import { request } from "undici";
import type { Post, Session, Thread, User } from "../../services/contract/src/index.ts";

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
  /** Milliseconds from the call to the last byte. */
  ms: number;
}

export interface Sent {
  token?: string | undefined;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Sends one request and reads the whole answer, whatever its status. Rejects only when the connection breaks. */
export async function send(method: "GET" | "POST" | "PATCH" | "DELETE", url: string, sent: Sent = {}): Promise<Answer> {
  const begin = performance.now();
  const { statusCode, headers, body } = await request(url, {
    method,
    headers: {
      ...(sent.token !== undefined && { authorization: `Bearer ${sent.token}` }),
      ...(sent.body !== undefined && { "content-type": "application/json" }),
      ...sent.headers,
    },
    ...(sent.body !== undefined && { body: JSON.stringify(sent.body) }),
    ...(sent.signal && { signal: sent.signal }),
  });
  const text = await body.text();
  const isJson = /json/.test(String(headers["content-type"]));
  return { status: statusCode, headers, body: isJson ? JSON.parse(text) : text, ms: performance.now() - begin };
}

export const get = (url: string, token?: string): Promise<Answer> => send("GET", url, { token });

/** Sends a request and gives its answer's body; an assertion fails when the status is another. */
export async function expectStatus<T>(status: number, answer: Promise<Answer>): Promise<T> {
  const { status: actual, body } = await answer;
  assert.equal(actual, status, JSON.stringify(body));
  return body as T;
}

export interface Member {
  id: number;
  username: string;
  password: string;
  token: string;
}

let members = 0;

/** Registers an account of a name of its own and logs it in. */
export async function newMember(forum: string): Promise<Member> {
  const username = `member-${process.pid}-${++members}`;
  const password = `password of ${username}`;
  const body = { username, password, name: `Member ${members}` };
  const { id } = await expectStatus<User>(201, send("POST", `${forum}/api/users`, { body }));
  return { id, username, password, token: await logIn(forum, username, password) };
}

export async function logIn(forum: string, username: string, password: string): Promise<string> {
  const session = send("POST", `${forum}/api/users/sessions`, { body: { username, password } });
  return (await expectStatus<Session>(201, session)).token;
}

export const newThread = (forum: string, { token }: Member, title = "A thread"): Promise<Thread> =>
  expectStatus(201, send("POST", `${forum}/api/threads`, { token, body: { title } }));

/** The answer to an attempt to post; whether it succeeds is the test's question. */
export const tryToPost = (forum: string, { token }: Member, threadId: number, text = "A post"): Promise<Answer> =>
  send("POST", `${forum}/api/posts/in-thread/${threadId}`, { token, body: { text } });

export const newPost = (forum: string, member: Member, threadId: number, text?: string): Promise<Post> =>
  expectStatus(201, tryToPost(forum, member, threadId, text));

/** Asserts that an answer means "not now, ask again": the only failure that a client sees while something is away. */
export function assertUnavailable(answer: Answer): void {
  assert.equal(answer.status, 503, JSON.stringify(answer.body));
  assert.match(String(answer.headers["retry-after"]), /^[1-9][0-9]*$/, "Retry-After");
}
