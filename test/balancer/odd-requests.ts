/** Arbitrary requests, mostly odd ones, made of a few words so that they often meet the rules of arbitrary tables. */
import * as fc from "fast-check";
import type { BalancerRequest } from "../../infra/balancer/evaluate.ts";
import { parseRequestTarget } from "../../infra/balancer/uri.ts";
import { rawRequest } from "./raw-client.ts";

/** A request as it is sent; strings have one character per byte. */
export interface OddRequest {
  method: string;
  url: string;
  httpVersion: string;
  headers: [name: string, value: string][];
}

/** Words of which paths, queries, hosts and headers are made, here and in arbitrary tables. */
export const words = ["api", "users", "threads", "posts", "a", "b"] as const;

const word = fc.constantFrom(...words);

/** Writes a character in another way that means the same, or nearly. */
const rewritten = (character: string): fc.Arbitrary<string> => {
  const code = character.charCodeAt(0).toString(16).padStart(2, "0");
  return fc.oneof(
    { weight: 30, arbitrary: fc.constant(character) },
    { weight: 1, arbitrary: fc.constantFrom(`%${code}`, `%${code.toUpperCase()}`, character.toUpperCase()) },
  );
};

const respelled = (text: string): fc.Arbitrary<string> =>
  fc.tuple(...Array.from(text, rewritten)).map((characters) => characters.join(""));

const oddSegment = fc.constantFrom(
  "",
  "a b",
  "a\tb",
  "\x7f",
  ..."1 . .. ... %2e %2E%2e %00 % %4 %zz %252F %2F %3F %23 %25 %0A %0Ausers %C3%A9 \xe9 \xc3\xa9".split(" "),
  ..."\\ '\"<>^`{|} a;b=c + * ? #".split(" "),
);

const path = fc
  .array(fc.oneof({ weight: 8, arbitrary: word }, { weight: 1, arbitrary: oddSegment }), { maxLength: 5 })
  .map((segments) => `/${segments.join("/")}`)
  .chain(respelled);

const usualPath = fc
  .tuple(
    fc.constantFrom("users", "threads", "posts", "user", "usersfoo"),
    fc.constantFrom("", "/", "/1", "/a%2Fb//c", "/../x", "%0A", "/%0A"),
  )
  .map(([name, rest]) => `/api/${name}${rest}`);

const pair = fc
  .tuple(word, fc.constantFrom("=", "==", "", "=&", "=%20"), fc.oneof(word, fc.constant("")))
  .map((parts) => parts.join(""));

const query = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  { weight: 3, arbitrary: fc.array(pair.chain(respelled), { maxLength: 4 }).map((pairs) => `?${pairs.join("&")}`) },
  { weight: 2, arbitrary: fc.constantFrom("?", "?&&", "?=", "?a?b", "?%00", "#a", "?a=b#c") },
);

const origin = fc.constantFrom(
  "http://a.example",
  "HTTP://B.example:8080",
  "http://[::1]",
  "ftp://a.",
  "http://u@a",
  "http://",
  "//",
  "a:",
  "1http://a",
);

const url = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.oneof(path, usualPath), query).map((parts) => parts.join("")) },
  { weight: 1, arbitrary: fc.tuple(origin, fc.oneof(path, fc.constant("")), query).map((parts) => parts.join("")) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "*",
      "a",
      "/",
      "//",
      "///",
      "/..",
      "//..//",
      "/./",
      "a:443",
      "http:/a",
      "http://a#b",
      "?a",
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(12_000, 17_000).map((length) => `/api/users?${"x".repeat(length)}`) },
);

const method = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") },
  { weight: 1, arbitrary: fc.constantFrom("TRACE", "CONNECT", "MY-METHOD", "PROPFIND", "A_B", "get", "Get", "G.T") },
);

const usualHost = fc
  .tuple(word, fc.constantFrom(".example", ".Example:8080", ".example.", ""))
  .map((parts) => parts.join(""));
const oddHost = fc.constantFrom(
  "",
  "a b",
  ..."a/b a..b . .a :80 a: a:b a:80:80 a:99999 [::1]:80 [::1 [::1]x u@a \xe9.example a_b a,b a#b a%41".split(" "),
);

const hosts = fc.oneof(
  { weight: 12, arbitrary: usualHost.map((host) => [host]) },
  { weight: 2, arbitrary: oddHost.map((host) => [host]) },
  { weight: 1, arbitrary: fc.constantFrom<string[][]>([], ["a", "a"]) },
);

const addresses = fc
  .oneof({ weight: 4, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.integer({ min: 28, max: 33 }) })
  .map((count) => Array.from({ length: count }, (_, index) => `10.0.0.${index}`).join(", "));

const header: fc.Arbitrary<[string, string]> = fc.oneof(
  fc.tuple(
    fc.constantFrom("X-Version", "x-version", "X_Version", "X.Version"),
    fc.oneof(word.chain(respelled), fc.constantFrom("", "a, b", "a  b", "*")),
  ),
  fc.tuple(fc.constant("X-Forwarded-For"), addresses),
  fc.tuple(fc.constantFrom("X-Forwarded-Proto", "X-Forwarded-Port", "Cookie", "!#$%&'*+.^`|~", "__proto__"), word),
  fc.constantFrom<[string, string]>(
    ["Transfer-Encoding", "chunked"],
    ["Transfer-Encoding", "gzip"],
    ["Content-Length", "0"],
    ["X-Version", "\xe9"],
    ["X-Big", "x".repeat(15_000)],
    ["X-Big", "x".repeat(17_000)],
  ),
);

export const oddRequest: fc.Arbitrary<OddRequest> = fc
  .record({
    method,
    url,
    httpVersion: fc.oneof(
      { weight: 20, arbitrary: fc.constant("1.1") },
      { weight: 1, arbitrary: fc.constantFrom("1.0", "2.0") },
    ),
    hosts,
    others: fc.array(header, { maxLength: 3 }),
  })
  // What is wrong in two ways may be refused for either.
  .filter((odd) => odd.method !== "CONNECT" || odd.url.length < 1000)
  .filter((odd) => odd.httpVersion !== "2.0" || parseRequestTarget(odd.url) !== undefined)
  .map(({ hosts: names, others, method: verb, url: target, httpVersion }) => ({
    method: verb,
    url: target,
    httpVersion,
    headers: names.map((name): [string, string] => ["Host", name]).concat(others),
  }));

/** The bytes of a request. One that announces chunks sends none but the last. */
export function bytesOf({ method, url, httpVersion, headers }: OddRequest): string {
  const isChunked = headers.some(([name, value]) => name === "Transfer-Encoding" && value === "chunked");
  return rawRequest(`${method} ${url} HTTP/${httpVersion}`, headers, isChunked ? "0\r\n\r\n" : "");
}

/** The same request as the evaluator takes it. */
export function modelOf({ method, url, httpVersion, headers }: OddRequest, sourceIp: string): BalancerRequest {
  const lines = Map.groupBy(headers, ([name]) => name.toLowerCase());
  const distinct = [...lines].map(([name, pairs]) => [name, pairs.map(([, value]) => value)] as const);
  return { method, url, httpVersion, headers: Object.fromEntries([...distinct, ["connection", ["close"]]]), sourceIp };
}
