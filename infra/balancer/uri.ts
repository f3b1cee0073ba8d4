/** Request targets (RFC 9112, section 3.2): what stands between the method and the version of a request line. */

import { parseAuthority, type Authority } from "./host.ts";

export interface RequestTarget {
  /** Host and port of an absolute-form target (`http://host/path`). */
  authority?: Authority;
  /** Path and query as the client wrote them: what the target group gets. */
  originForm: string;
  /** The path that rules look at: normalised, see `normalisePath`. */
  path: string;
  /** What stands between the first `?` and a `#`, as the client wrote it; empty without one. */
  query: string;
}

// The host of an absolute-form target is written with fewer characters than a Host header may have.
const absoluteForm = /^[a-z][a-z0-9+.-]*:\/\/((?:[a-z0-9.-]+|\[[^\]]*\])(?::\d*)?)((?:[/?].*)?)$/i;

/**
 * Reads a request target, one character per byte. Answers nothing for one that is malformed: a control character or
 * space, neither origin-form nor absolute-form, a broken percent-encoding, or a path that climbs above the root.
 */
export function parseRequestTarget(target: string): RequestTarget | undefined {
  if (/[^!-~\x80-\xff]/.test(target)) return undefined;
  if (target.startsWith("/")) return withPath(target);
  const [, host, rest = ""] = absoluteForm.exec(target) ?? [];
  const authority = parseAuthority(host ?? "");
  const parsed = rest.startsWith("/") ? withPath(rest) : withoutPath(rest);
  return authority && parsed && { ...parsed, authority };
}

/** What follows the host directly is a query; nginx writes such a target anew, without an empty query or a fragment. */
function withoutPath(rest: string): RequestTarget {
  const [query = ""] = rest.slice(1).split("#", 1);
  return { originForm: query === "" ? "/" : `/?${query}`, path: "/", query };
}

/** Reads the target of CONNECT, a host and a port: nothing else will do there. */
export function connectTarget(target: string): RequestTarget | undefined {
  const authority = parseAuthority(target);
  return authority && /:\d*$/.test(target) ? { authority, originForm: "/", path: "/", query: "" } : undefined;
}

function withPath(originForm: string): RequestTarget | undefined {
  const [beforeFragment = ""] = originForm.split("#", 1);
  const [rawPath = ""] = beforeFragment.split("?", 1);
  const path = normalisePath(rawPath);
  return path === undefined ? undefined : { originForm, path, query: beforeFragment.slice(rawPath.length + 1) };
}

/**
 * The path as rules see it: percent-decoded once, `//` merged to `/`, `.` and `..` resolved. This is nginx's `$uri`.
 * Answers nothing where decoding fails, gives a NUL, or `..` would leave the root.
 */
export function normalisePath(rawPath: string): string | undefined {
  if (/%(?![0-9a-f]{2})|%00/i.test(rawPath)) return undefined;
  const decoded = rawPath.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  const segments = decoded.split("/");
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") kept.push(segment);
    else if (kept.pop() === undefined) return undefined;
  }
  const isFolder = ["", ".", ".."].includes(segments.at(-1) ?? "");
  return kept.length === 0 ? "/" : `/${kept.join("/")}${isFolder ? "/" : ""}`;
}
