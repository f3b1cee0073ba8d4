/** A mixed load as it comes from people: clients with cookies, each with a pause between its requests. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Session as LoginAnswer, Thread, User } from "../../../services/contract/src/index.ts";
import { UserError } from "../../terminal/user-error.ts";
import { openLedger, type Ledger } from "./ledger.ts";
import { act, type Member } from "./member.ts";
import type { Sample } from "./samples.ts";
import { openSession, type Answer, type Request, type Session } from "./session.ts";

export interface LoadOptions {
  url: string;
  clients: number;
  /** Requests per second of all of them together, at most. */
  rate: number;
  /** Called for each client that is ready. */
  onReady?: (ready: number) => void;
  signal: AbortSignal;
}

export interface Load {
  readonly samples: readonly Sample[];
  readonly ledger: Ledger;
  /** What failed, in words. */
  readonly failures: readonly string[];
  /** Reads that showed something older than the session's own last write. */
  stale(): string[];
  /** Lets the requests under way finish; may be called again. */
  stop(): Promise<void>;
}

/** Logs the clients in, then lets them go. @throws UserError when the forum does not let them in */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const { url, clients, rate, signal } = options;
  const samples: Sample[] = [];
  const failures: string[] = [];
  const ledger = openLedger();
  let counting = false;
  let stopped = false;
  const onSample = (sample: Sample, request: Request, answer: Answer) => {
    if (!counting) return;
    samples.push(sample);
    if (!sample.ok) failures.push(failure(request, answer));
  };

  const members: Member[] = [];
  for (let number = 1; number <= clients; number++) {
    signal.throwIfAborted();
    members.push(await join(openSession(url, onSample), number, ledger));
    options.onReady?.(number);
  }
  counting = true;
  const interval = (1000 * clients) / rate;
  const live = async (member: Member) => {
    // Not all at once.
    let next = performance.now() + Math.random() * interval;
    while (!stopped) {
      await sleep(Math.max(0, next - performance.now()));
      if (!stopped) await act(member);
      next = Math.max(next + interval * (0.5 + Math.random()), performance.now());
    }
  };
  const running = Promise.all(members.map(live));
  // A bug in a client is thrown by `stop`.
  running.catch(() => {});
  const ended = async () => {
    await running;
    await Promise.all(members.map(({ session }) => session.close()));
  };
  let ending: Promise<void> | undefined;
  return {
    ...{ samples, ledger, failures },
    stale: () => members.flatMap((member) => member.stale),
    stop() {
      stopped = true;
      return (ending ??= ended());
    },
  };
}

/** Makes an account and logs in. */
async function join(session: Session, number: number, ledger: Ledger): Promise<Member> {
  const username = `demo-${Date.now().toString(36)}-${number}`;
  const password = `password of ${username}`;
  const name = `Member ${number} of the demo`;
  const ask = async <T>(method: "GET" | "POST", path: string, expected: number, body?: unknown): Promise<T> => {
    const answer = await session.send({ method, path, expected: [expected], body });
    if (answer.status === expected) return answer.body as T;
    throw new UserError(`The forum does not let the clients in: ${failure({ method, path, expected: [] }, answer)}`);
  };
  const { id } = await ask<User>("POST", "/api/users", 201, { username, password, name });
  session.token = (await ask<LoginAnswer>("POST", "/api/users/sessions", 201, { username, password })).token;
  const threads = await ask<Thread[]>("GET", "/api/threads?limit=20", 200);
  return {
    ...{ session, ledger, number, username, id, threads: threads.map((thread) => thread.id) },
    mine: { users: [ledger.created("users", id, name)], threads: [], posts: [] },
    ...{ ownThreads: new Map(), written: 0, stale: [] },
  };
}

function failure({ method, path }: Request, { status, body, broken, headers }: Answer): string {
  const detail = (body as { detail?: string } | undefined)?.detail ?? "";
  const by = headers["x-served-by"] ? ` by ${String(headers["x-served-by"])}` : "";
  return `${method} ${path}: ${broken ?? `${status}${by}${detail && `, ${detail}`}`}`;
}
