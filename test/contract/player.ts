import assert from "node:assert/strict";
import { request, type Dispatcher } from "undici";
import { encodeCursor, type Session, type Thread, type User } from "../../services/contract/src/index.ts";
import { eventually } from "../support/eventually.ts";
import { cookieJar } from "../support/jar.ts";
import type { Target } from "./forum.ts";
import { normal, type Answer } from "./normal.ts";
import { UNKNOWN_ID } from "./samples.ts";
import { PEOPLE, type Caller, type Choice, type Kind, type Step } from "./steps.ts";

interface Row {
  id: number;
  createdAt: string;
}

interface Person extends Row {
  username: string;
  token: string;
}

const PASSWORD = "correct horse";

/** Plays sequences on one forum and tells what it answered, in words that do not depend on the forum. */
export interface Player {
  /** Makes what a sequence starts from: people, a thread, a post. `name` is the same on both sides. */
  begin(name: string): Promise<void>;
  play(step: Step): Promise<unknown>;
}

export function createPlayer(target: Target): Player {
  let prefix = "";
  let moderator = "";
  let registered = 0;
  let people: Person[] = [];
  let made: Record<Kind, Row[]> = { users: [], threads: [], posts: [] };
  const gone = new Set<number>();
  // One session: it reads what it has written, also while modules move.
  const jar = cookieJar();

  const nameOf = (kind: Kind, id: number): string => {
    const index = made[kind].findIndex((row) => row.id === id);
    return index < 0 ? `unknown ${kind}` : `${kind}#${index}`;
  };

  const call = async (method: Dispatcher.HttpMethod, path: string, token?: string, body?: string): Promise<Answer> => {
    const cookie = jar.header();
    const answer = await request(target.url + path, {
      method: method,
      headers: {
        ...(cookie !== undefined && { cookie }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body }),
    });
    jar.keep(answer.headers["set-cookie"]);
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  };
  const expectMade = async <T>(...args: Parameters<typeof call>): Promise<T> => {
    const { status, text } = await call(...args);
    assert.equal(status, 201, text);
    return JSON.parse(text) as T;
  };

  const register = (username: string, name: string) =>
    call("POST", "/api/users", undefined, JSON.stringify({ username, name, password: PASSWORD }));
  const logIn = (username: string, password: string) =>
    call("POST", "/api/users/sessions", undefined, JSON.stringify({ username, password }));
  const session = async (username: string, password: string): Promise<string> => {
    const { status, text } = await logIn(username, password);
    assert.equal(status, 201, text);
    return (JSON.parse(text) as Session).token;
  };

  const tokenOf = (caller: Caller): string | undefined => {
    if (caller === "nobody") return undefined;
    if (caller === "moderator") return moderator;
    return caller === "forger" ? `${moderator.slice(0, -8)}forged00` : people[caller]!.token;
  };
  const idOf = (kind: Kind, choice: Choice): number | string => {
    if (choice === "unknown") return UNKNOWN_ID;
    return choice === "nonsense" ? "1abc" : made[kind][choice % made[kind].length]!.id;
  };
  const remember = (kind: Kind, answer: Answer): Answer => {
    if (answer.status === 201) made[kind].push(JSON.parse(answer.text) as Row);
    return answer;
  };

  /** What is eventually consistent, so once it is consistent. */
  const settle = (kind: Kind, id: number) =>
    eventually(async () => {
      if (kind === "threads") assert.equal((await call("GET", `/api/posts/in-thread/${id}`)).text, "[]");
      const token = people.find((person) => person.id === id)?.token;
      if (kind !== "users" || token === undefined) return;
      for (const module of ["threads", "posts"]) {
        assert.equal((await call("DELETE", `/api/${module}/${UNKNOWN_ID}`, token)).status, 401);
      }
    });

  const remove = async (kind: Kind, id: number | string, token: string | undefined): Promise<Answer> => {
    const answer = await call("DELETE", `/api/${kind}/${id}`, token);
    if (answer.status === 204) await settle(kind, Number(id));
    if (answer.status === 204 && kind === "users") gone.add(Number(id));
    return answer;
  };

  /** A page and all that follow it. */
  const walk = async (path: string, kind: Kind): Promise<unknown[]> => {
    const answer = await call("GET", path);
    const next = /^<(.*)>/.exec(String(answer.headers["link"] ?? ""))?.[1];
    return [normal(answer, kind, nameOf), ...(next === undefined ? [] : await walk(next, kind))];
  };
  const list = (step: Extract<Step, { do: "list" }>): Promise<unknown[]> => {
    const { of, which, limit } = step;
    if (of === "in-thread" || of === "by-user") {
      return walk(`/api/posts/${of}/${idOf(of === "in-thread" ? "threads" : "users", which)}?limit=${limit}`, "posts");
    }
    // From a row of this sequence on: what was there before differs.
    const row = made[of][typeof which === "number" ? which % made[of].length : 0]!;
    const after = which === "nonsense" ? "x" : encodeCursor({ createdAt: Date.parse(row.createdAt), id: row.id });
    return walk(`/api/${of}?limit=${limit}&after=${after}`, of);
  };

  const answerTo = async (step: Exclude<Step, { do: "list" }>): Promise<[Answer, Kind]> => {
    switch (step.do) {
      case "register": {
        const username = step.again ? people[0]!.username : `${prefix}-${registered++}`;
        return [remember("users", await register(username, step.name)), "users"];
      }
      case "log in":
        return [await logIn(people[step.who]!.username, step.right ? PASSWORD : "wrong"), "users"];
      case "read":
        return [await call("GET", `/api/${step.kind}/${idOf(step.kind, step.which)}`), step.kind];
      case "create": {
        const path = step.kind === "threads" ? "/api/threads" : `/api/posts/in-thread/${idOf("threads", step.in)}`;
        const answer = await call("POST", path, tokenOf(step.by), JSON.stringify(step.body));
        return [remember(step.kind, answer), step.kind];
      }
      case "change": {
        const path = `/api/${step.kind}/${idOf(step.kind, step.which)}`;
        return [await call("PATCH", path, tokenOf(step.by), JSON.stringify(step.body)), step.kind];
      }
      case "delete":
        return [await remove(step.kind, idOf(step.kind, step.which), tokenOf(step.by)), step.kind];
      default:
        return [await call(step.method, step.path), "users"];
    }
  };

  return {
    async begin(name) {
      prefix = name;
      registered = 0;
      moderator ||= await session(target.moderator.username, target.moderator.password);
      // Passwords cost time: who has not been deleted plays again.
      people = people.filter(({ id }) => !gone.has(id));
      while (people.length < PEOPLE) {
        const username = `${prefix}-p${people.length}`;
        const body = JSON.stringify({ username, name: "A person", password: PASSWORD });
        const user = await expectMade<User>("POST", "/api/users", undefined, body);
        people.push({ ...user, token: await session(username, PASSWORD) });
      }
      const { token } = people[0]!;
      const thread = await expectMade<Thread>("POST", "/api/threads", token, '{"title":"The first"}');
      const post = await expectMade<Row>("POST", `/api/posts/in-thread/${thread.id}`, token, '{"text":"The first"}');
      made = { users: [...people], threads: [thread], posts: [post] };
    },
    async play(step) {
      if (step.do === "list") return list(step);
      const [answer, kind] = await answerTo(step);
      return normal(answer, kind, nameOf);
    },
  };
}
