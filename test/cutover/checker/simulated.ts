/** A forum in memory that keeps every promise, or breaks one of them now and then: for testing the checker. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Post, Thread, User } from "../../../services/contract/src/index.ts";
import type { FinalState } from "./checker.ts";
import { MODULES, now, type Module } from "../history.ts";
import { randomFrom } from "../random.ts";
import { rowsOf } from "../rows.ts";
import type { Call, Reply, Transport } from "../transport.ts";

export type Flaw =
  | "forgets a new post"
  | "forgets a change"
  | "forgets a deletion"
  | "writes a post twice"
  | "refuses a post and keeps it"
  | "gives an id again"
  | "shows what was before"
  | "hides a post from lists"
  | "leaves posts of a deleted thread"
  | "breaks connections"; // which is allowed

export interface SimulatedForum {
  connect(): Transport;
  final(): FinalState;
  /** How often the flaw has shown. */
  flawed(): number;
}

export const MODERATOR = { username: "moderator", password: "of the simulation" };

interface Stored {
  id: number;
  createdAt: string;
  row: User | Thread | Post;
  /** What was there before the last change. */
  before?: User | Thread | Post;
}

export function simulatedForum(seed: number, flaw?: Flaw): SimulatedForum {
  const random = randomFrom(seed);
  const tables: Record<Module, Map<number, Stored>> = { users: new Map(), threads: new Map(), posts: new Map() };
  const lastIds: Record<Module, number> = { users: 0, threads: 0, posts: 0 };
  let shown = 0;
  /** Whether the flaw shows now. */
  const goesWrong = (what: Flaw) => flaw === what && random.below(4) === 0 && ++shown > 0;

  const insert = (module: Module, fields: object): Stored => {
    if (!(module === "posts" && goesWrong("gives an id again"))) lastIds[module] += 1;
    const [id, createdAt] = [lastIds[module], new Date().toISOString()];
    const stored = { id, createdAt, row: { id, createdAt, ...fields } as Post };
    tables[module].set(id, stored);
    return stored;
  };
  insert("users", { username: MODERATOR.username, name: "Moderator", bio: "Moderator" });

  const create = (module: "threads" | "posts", { path, body }: Call, user: number): Reply => {
    if (module === "threads") return answer(201, insert(module, { ...(body as object), createdBy: user }).row);
    const thread = Number(path.split("/").at(-1));
    if (!tables.threads.has(thread)) return answer(404);
    const fields = { thread, user, ...(body as { text: string }) };
    const { id, row } = insert("posts", fields);
    if (goesWrong("forgets a new post")) tables.posts.delete(id);
    if (goesWrong("writes a post twice")) insert("posts", fields);
    return goesWrong("refuses a post and keeps it") ? answer(503, "", { "retry-after": "1" }) : answer(201, row);
  };

  const change = (stored: Stored, body: unknown): Reply => {
    const changed = { ...stored.row, ...(body as object) };
    if (!goesWrong("forgets a change")) [stored.before, stored.row] = [stored.row, changed];
    return answer(200, changed);
  };

  const remove = (module: Module, { id, row }: Stored): Reply => {
    if (goesWrong("forgets a deletion")) return answer(204);
    if (module === "users") Object.assign(row, { username: `deleted~${id}`, name: "Deleted account", bio: "" });
    else tables[module].delete(id);
    if (module === "threads") {
      const posts = [...tables.posts.values()].filter(({ row }) => (row as Post).thread === id);
      const stay = posts.length > 0 && goesWrong("leaves posts of a deleted thread");
      if (!stay) for (const post of posts) tables.posts.delete(post.id);
    }
    return answer(204);
  };

  const list = (module: Module, path: string): Reply => {
    const [, of, id] = /posts\/(in-thread|by-user)\/(\d+)/.exec(path) ?? [];
    const query = new URLSearchParams(path.split("?")[1]);
    const [after = "", afterId = ""] = Buffer.from(query.get("after") ?? "", "base64url")
      .toString()
      .split(".");
    const rows = sorted(module).filter(({ createdAt, id: rowId, row }) => {
      const place = Date.parse(createdAt) - Number(after) || rowId - Number(afterId);
      const inside = of === undefined || (row as Post)[of === "in-thread" ? "thread" : "user"] === Number(id);
      return inside && place > 0 && !(module === "posts" && goesWrong("hides a post from lists"));
    });
    const limit = Number(query.get("limit"));
    const page = rows.slice(0, limit).map(({ row }) => row);
    return answer(200, page, rows.length > limit ? { link: "next" } : {});
  };
  const sorted = (module: Module) =>
    [...tables[module].values()].sort((one, other) => {
      return Date.parse(one.createdAt) - Date.parse(other.createdAt) || one.id - other.id;
    });

  const handle = (call: Call): Reply => {
    const { method, path, token, body } = call;
    const [, module, id] = /\/api\/(users|threads|posts)(?:\/(\d+))?/.exec(path) as unknown as [string, Module, string];
    const user = token === undefined ? 0 : (JSON.parse(payloadOf(token)) as { sub: number }).sub;
    if (path.endsWith("/sessions")) return answer(201, { token: tokenOf(named((body as User).username)) });
    if (method === "POST" && module === "users") {
      const { username, name, bio } = body as User;
      return answer(201, insert("users", { username, name, bio }).row);
    }
    if (method === "POST") return create(module as "posts", call, user);
    if (id === undefined) return list(module, path);
    const stored = tables[module].get(Number(id));
    if (!stored) return answer(404);
    if (method === "PATCH") return change(stored, body);
    if (method === "DELETE") return remove(module, stored);
    return answer(200, (goesWrong("shows what was before") && stored.before) || stored.row);
  };
  const named = (username: string) =>
    [...tables.users.values()].find(({ row }) => (row as User).username === username)!.id;

  return {
    connect: () => ({
      async call(call) {
        await sleep(random.below(3));
        if (call.method !== "GET" && call.token !== undefined && goesWrong("breaks connections")) {
          if (random.below(2) === 0) handle(call);
          throw new Error("The connection broke.");
        }
        // As on the wire: what was answered does not change afterwards.
        const reply = structuredClone(handle(call));
        await sleep(random.below(3));
        return reply;
      },
      seen: () => 0,
    }),
    final() {
      const rows = MODULES.map(
        (module) =>
          [
            module,
            rowsOf(
              module,
              sorted(module).map(({ row }) => row),
            ),
          ] as const,
      );
      return { at: now(), views: [{ name: "memory", rows: structuredClone(Object.fromEntries(rows)) }], faults: [] };
    },
    flawed: () => shown,
  };
}

const answer = (status: number, body: unknown = "", headers: Reply["headers"] = {}): Reply => ({
  ...{ status, headers, body },
});
const tokenOf = (sub: number): string => `.${Buffer.from(JSON.stringify({ sub })).toString("base64url")}.`;
const payloadOf = (token: string): string => Buffer.from(token.split(".")[1]!, "base64url").toString();
