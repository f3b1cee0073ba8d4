import { encodeCursor } from "../../services/contract/src/index.ts";
import type { Member } from "../support/client.ts";
import { subjectOf } from "../support/subject.ts";
import { now, type Attempt, type History, type Module, type Operation, type Place, type Row } from "./history.ts";
import { rowsOf } from "./rows.ts";
import { outcomeOf, outcomeOfError, type Call, type Reply, type Transport } from "./transport.ts";

/** Which rows to list. */
export interface ListOf {
  module: Module;
  limit: number;
  from?: Place;
  thread?: number;
  author?: number;
}

/** One session's requests: each is sent after the answer to the one before, and is in the history. */
export interface Session {
  readonly name: string;
  create(module: "threads" | "posts", by: Member, value: string, thread?: number): Promise<Operation>;
  change(module: Module, by: Member, id: number, value: string): Promise<Operation>;
  delete(module: Module, by: Member, id: number): Promise<Operation>;
  read(module: Module, id: number): Promise<Operation>;
  list(of: ListOf): Promise<Operation>;
  /** Registers an account and logs it in; undefined when one of both failed. */
  register(username: string): Promise<Member | undefined>;
  logIn(username: string, password: string): Promise<Member | undefined>;
}

export function openSession(name: string, transport: Transport, history: History): Session {
  const ask = async (attempt: Attempt, call: Call): Promise<{ operation: Operation; reply?: Reply }> => {
    const operation = history.begin(name, attempt, transport.seen());
    try {
      const reply = await transport.call(call);
      const { status, headers, body } = reply;
      operation.outcome = outcomeOf(reply);
      operation.answer = status;
      if (headers["x-served-by"] !== undefined) operation.servedBy = String(headers["x-served-by"]);
      if (operation.outcome === "acknowledged") operation.rows = rowsOf(attempt.module, body);
      if (operation.outcome !== "unknown") operation.completed = now();
      return { operation, reply };
    } catch (error) {
      operation.outcome = outcomeOfError(error);
      operation.answer = (error as Error).message;
      if (operation.outcome !== "unknown") operation.completed = now();
      return { operation };
    }
  };
  const done = async (attempt: Attempt, call: Call) => (await ask(attempt, call)).operation;

  const logIn = async (username: string, password: string): Promise<Member | undefined> => {
    const body = { username, password };
    const call: Call = { method: "POST", path: "/api/users/sessions", body };
    const { operation, reply } = await ask({ kind: "log in", module: "users" }, call);
    if (operation.outcome !== "acknowledged") return undefined;
    const { token } = reply!.body as { token: string };
    return { id: subjectOf(token), username, password, token };
  };

  return {
    name,
    create(module, { id: account, token }, value, thread) {
      const path = module === "threads" ? "/api/threads" : `/api/posts/in-thread/${thread}`;
      const attempt: Attempt = { kind: "create", module, value, account, ...(thread !== undefined && { thread }) };
      return done(attempt, { method: "POST", path, token, body: bodyOf(module, value) });
    },
    change: (module, { id: account, token }, id, value) =>
      done(
        { kind: "change", module, id, value, account },
        { method: "PATCH", path: `/api/${module}/${id}`, token, body: bodyOf(module, value) },
      ),
    delete: (module, { id: account, token }, id) =>
      done({ kind: "delete", module, id, account }, { method: "DELETE", path: `/api/${module}/${id}`, token }),
    read: (module, id) => done({ kind: "read", module, id }, { method: "GET", path: `/api/${module}/${id}` }),
    async list({ module, limit, from, thread, author }) {
      const path = thread ? `posts/in-thread/${thread}` : author ? `posts/by-user/${author}` : module;
      const after = from ? `&after=${encodeCursor({ createdAt: Date.parse(from.createdAt), id: from.id })}` : "";
      const call: Call = { method: "GET", path: `/api/${path}?limit=${limit}${after}` };
      const { operation, reply } = await ask({ kind: "list", module }, call);
      const to = reply?.headers["link"] === undefined ? undefined : operation.rows.at(-1);
      operation.range = {
        ...(thread !== undefined && { thread }),
        ...(author !== undefined && { author }),
        ...(from && { from: placeOf(from) }),
        ...(to && { to: placeOf(to) }),
      };
      return operation;
    },
    async register(username) {
      const password = `password of ${username}`;
      const body = { username, password, name: username, bio: username };
      const call: Call = { method: "POST", path: "/api/users", body };
      const created = await done({ kind: "create", module: "users", value: username }, call);
      return created.outcome === "acknowledged" ? logIn(username, password) : undefined;
    },
    logIn,
  };
}

const placeOf = ({ createdAt, id }: Row | Place): Place => ({ createdAt, id });

const bodyOf = (module: Module, value: string): unknown => {
  if (module === "users") return { name: value, bio: value };
  return module === "threads" ? { title: value } : { text: value };
};
