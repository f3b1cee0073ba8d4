/** The Host header: what rules compare, and what the target gets. */

/** What stands for the host of an HTTP/1.0 request that names none. */
export const anonymousHost = "alb.local";

/**
 * The host name that rules look at: lower-cased, without the port and a final dot. Answers nothing for a malformed one.
 *
 * @param authority host and port, from the Host header or an absolute-form request target
 */
export function hostName(authority: string): string | undefined {
  if (/[\x00-\x20\x7f/]|\.\./.test(authority)) return undefined;
  const [, name = ""] = /^(\[[^\]]*\]|[^:]*)/.exec(authority) ?? [];
  return name.replace(/\.$/, "").toLowerCase() || undefined;
}

/** The port in an authority; nothing when it names none. */
export const portOf = (authority: string): string | undefined => /:(\d+)$/.exec(authority)?.[1];

/**
 * The Host header that the target gets: an Application Load Balancer cuts the port off on the default ports, and on any
 * other port adds it where the client left it out.
 */
export function forwardedHost(name: string, port: string | undefined, listenerPort: number): string {
  return listenerPort === 80 || listenerPort === 443 ? name : `${name}:${port ?? listenerPort}`;
}
