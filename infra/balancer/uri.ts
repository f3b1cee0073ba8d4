/** Request targets (RFC 9112, section 3.2): what stands between the method and the version of a request line. */

export interface RequestTarget {
  /** Host and port of an absolute-form target (`http://host/path`). */
  authority?: string;
  /** Path and query as the client wrote them: what the target group gets. */
  originForm: string;
  /** The path that rules look at: normalised, see `normalisePath`. */
  path: string;
  /** What stands between the first `?` and a `#`, as the client wrote it; empty without one. */
  query: string;
}

// A host of an absolute-form target is a registered name or an address in brackets; a user before an `@` is refused.
const absoluteForm = /^[a-z][a-z0-9+.-]*:\/\/((?:[a-z0-9.-]+|\[[\w:.~!$&'()*+,;=-]+\])(?::\d*)?)((?:[/?].*)?)$/i;

/**
 * Reads a request target, one character per byte. Answers nothing for one that is malformed: a control character or
 * space, neither origin-form nor absolute-form, a broken percent-encoding, or a path that climbs above the root.
 */
export function parseRequestTarget(target: string): RequestTarget | undefined {
  if (/[\x00-\x20\x7f]/.test(target)) return undefined;
  if (target.startsWith("/")) return withPath(target);
  const [, authority, rest] = absoluteForm.exec(target) ?? [];
  if (authority === undefined || rest === undefined) return undefined;
  const parsed = withPath(rest.startsWith("/") ? rest : `/${rest}`);
  return parsed && { ...parsed, authority };
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
