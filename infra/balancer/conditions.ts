/** Whether the conditions of a rule hold for a request. */
import { BlockList, isIPv6 } from "node:net";
import { fieldsWithEscapes, lowerCase, matches, parsePattern } from "./pattern.ts";
import type { Condition, QueryStringPair } from "./rules.ts";

/** What rules look at. */
export interface RequestFacts {
  method: string;
  /** Normalised path. */
  path: string;
  /** Query string without `?`, as the client wrote it. */
  query: string;
  /** Lower-cased host name without the port. */
  host: string;
  /** Lower-cased header name → the values of its lines. */
  headers: Headers;
  /** Address of the peer; never taken from X-Forwarded-For. */
  sourceIp: string;
}

/** Lower-cased header name → the values of its lines, in order, like `IncomingMessage.headersDistinct`. */
export type Headers = Readonly<Record<string, readonly string[] | undefined>>;

/** Whether one of the condition's values matches. */
export function holds(condition: Condition, request: RequestFacts): boolean {
  const { field } = condition;
  const like = (pattern: string, text: string) => matches(parsePattern(pattern, fieldsWithEscapes.has(field)), text);
  const likeIgnoringCase = (pattern: string, text: string) => like(lowerCase(pattern), lowerCase(text));
  switch (field) {
    case "path-pattern":
      return condition.values.some((pattern) => like(pattern, request.path));
    case "host-header":
      return condition.values.some((pattern) => likeIgnoringCase(pattern, request.host));
    case "http-request-method":
      return condition.values.includes(request.method);
    case "http-header":
      return (request.headers[lowerCase(condition.httpHeaderName)] ?? []).some((line) =>
        condition.values.some((pattern) => likeIgnoringCase(pattern, line)),
      );
    case "query-string":
      return queryPairs(request.query).some((pair) =>
        condition.values.some(
          ({ key = "*", value }) => likeIgnoringCase(key, pair.key) && likeIgnoringCase(value, pair.value),
        ),
      );
    // source-ip is the one field left.
    default:
      return condition.values.some((cidr) => isInNetwork(request.sourceIp, cidr));
  }
}

/** The pairs of a query string as the client wrote them, not decoded; a name alone has an empty value. */
function queryPairs(query: string): Required<QueryStringPair>[] {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [key = ""] = pair.split("=", 1);
      return { key, value: pair.slice(key.length + 1) };
    });
}

/** Whether an address lies in a network in CIDR notation. An IPv4 address may be written as `::ffff:192.0.2.1`. */
function isInNetwork(address: string, cidr: string): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
  const [network = "", prefix] = cidr.split("/");
  if (isIPv6(plain) !== isIPv6(network)) return false;
  const family = isIPv6(network) ? "ipv6" : "ipv4";
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), family);
  return list.check(plain, family);
}
