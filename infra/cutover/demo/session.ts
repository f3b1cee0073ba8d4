import { Client } from "undici";
import type { Sample } from "./samples.ts";

/** What came back. */
export interface Answer {
  /** 0 when there was no answer. */
  status: number;
  body: unknown;
  headers: Record<string, string | string[] | undefined>;
  /** What broke, when there was no answer. */
  broken?: string;
}

export interface Request {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  /** The statuses that are right; anything else counts as failed. */
  expected: number[];
  body?: unknown;
  /** Asks the owner itself, not a copy. */
  fresh?: boolean;
}

/** Somebody at a browser: one connection, kept alive, with cookies and, once logged in, a token. */
export interface Session {
  token: string | undefined;
  /** Sends a request and waits for the whole answer. Never rejects: a broken connection is an answer with status 0. */
  send(request: Request): Promise<Answer>;
  close(): Promise<void>;
}

/** Milliseconds that an answer may take. The forum itself gives up after 5 s of waiting for an owner. */
const PATIENCE = 30_000;

/** @param onSample hears of each request when it is over */
export function openSession(
  url: string,
  onSample: (sample: Sample, request: Request, answer: Answer) => void,
): Session {
  const client = new Client(url, { headersTimeout: PATIENCE, bodyTimeout: PATIENCE });
  const cookies = new Map<string, string>();
  const session: Session = {
    token: undefined,
    async send(request) {
      const at = performance.now();
      const answer = await exchange(client, request, headersOf(request, session.token, cookies));
      keep(cookies, answer.headers["set-cookie"]);
      const sample: Sample = {
        ...{ at, ms: performance.now() - at, module: moduleOf(request.path), write: request.method !== "GET" },
        ok: request.expected.includes(answer.status),
        servedBy: String(answer.headers["x-served-by"] ?? ""),
      };
      onSample(sample, request, answer);
      return answer;
    },
    close: () => client.close(),
  };
  return session;
}

async function exchange(client: Client, request: Request, headers: Record<string, string>): Promise<Answer> {
  const { method, path } = request;
  try {
    const answer = await client.request({
      ...{ method, path, headers },
      ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
    });
    const text = await answer.body.text();
    const isJson = String(answer.headers["content-type"]).includes("json");
    return { status: answer.statusCode, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  } catch (error) {
    return { status: 0, headers: {}, body: undefined, broken: String(error) };
  }
}

const headersOf = (
  { body, fresh }: Request,
  token: string | undefined,
  cookies: Map<string, string>,
): Record<string, string> => ({
  ...(token !== undefined && { authorization: `Bearer ${token}` }),
  ...(body !== undefined && { "content-type": "application/json" }),
  ...(fresh && { "cache-control": "no-cache" }),
  ...(cookies.size > 0 && { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") }),
});

/** Names and values only: the forum's cookies are for all of it, and none of them lives shorter than it is needed. */
function keep(cookies: Map<string, string>, set: string | string[] | undefined): void {
  for (const line of [set ?? []].flat()) {
    const [, name, value] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
    if (name) cookies.set(name, value ?? "");
  }
}

const moduleOf = (path: string): string => /^\/api\/([a-z]+)/.exec(path)?.[1] ?? "";
