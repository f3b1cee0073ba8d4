import { decodeCursor } from "../../services/contract/src/index.ts";
import type { Kind } from "./steps.ts";

/** Gives a thing of a sequence the same name on both sides, whatever its id. */
export type NameOf = (kind: Kind, id: number) => string;

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Headers that clients can see a difference by. `Retry-After` counts down, `Date` goes on. */
const HEADERS = ["content-type", "location", "link", "allow", "www-authenticate", "cache-control", "x-frame-options"];

/** An answer without what differs between two forums by nature: ids, times, tokens, trace ids, cursors. */
export function normal({ status, headers, text }: Answer, kind: Kind, nameOf: NameOf): unknown {
  const isJson = /[/+]json/.test(String(headers["content-type"]));
  return {
    status,
    headers: HEADERS.map((name) =>
      name in headers ? `${name}: ${addresses(String(headers[name]), kind, nameOf)}` : "",
    ),
    body: isJson && text !== "" ? value(JSON.parse(text), kind, nameOf) : text,
  };
}

const kinds: Record<string, Kind> = {
  ...{ user: "users", Account: "users", "/users/": "users", "/by-user/": "users", createdBy: "users" },
  ...{ thread: "threads", "/threads/": "threads", "/in-thread/": "threads", post: "posts", "/posts/": "posts" },
};

const addresses = (text: string, kind: Kind, nameOf: NameOf): string =>
  text
    .replace(/(\/(?:users|threads|posts|in-thread|by-user)\/)(\d+)/g, (_all, place: string, id: string) => {
      return place + nameOf(kinds[place]!, Number(id));
    })
    .replace(/after=([\w-]+)/, (_all, cursor: string) => `after=${nameOf(kind, decodeCursor(cursor)?.id ?? 0)}`);

function value(json: unknown, kind: Kind, nameOf: NameOf): unknown {
  if (Array.isArray(json)) return json.map((row) => value(row, kind, nameOf));
  if (typeof json !== "object" || json === null) return json;
  const row = json as Record<string, unknown>;
  // A list, so that the order of the members counts too.
  return Object.entries(row).map(([member, content]) => [member, memberOf(row, member, content, kind, nameOf)]);
}

function memberOf(row: Record<string, unknown>, member: string, content: unknown, kind: Kind, nameOf: NameOf): unknown {
  switch (member) {
    case "id":
      return nameOf(kind, content as number);
    case "createdBy":
    case "user":
    case "thread":
      return nameOf(kinds[member]!, content as number);
    case "updatedAt":
      return content === row["createdAt"] ? "unchanged" : isTime(content);
    case "createdAt":
    case "expiresAt":
      return isTime(content);
    case "token":
    case "traceId":
    case "keys":
      return typeof content;
    case "username":
      return String(content).replace(/^deleted~(\d+)$/, (_all, id) => `deleted~${nameOf("users", Number(id))}`);
    case "detail":
      return String(content).replace(/\b(user|thread|post|Account) (\d+)/g, (_all, what: string, id) => {
        return `${what} ${nameOf(kinds[what]!, Number(id))}`;
      });
    case "errors":
      return value(content, kind, nameOf);
    default:
      return content;
  }
}

const isTime = (content: unknown): boolean => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(content));
