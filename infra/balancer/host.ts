/** The Host header: what rules compare, and what the target gets. */

/** What stands for the host of an HTTP/1.0 request that names none. */
export const anonymousHost = "alb.local";

export interface Authority {
  /** Lower-cased host name without a final dot; an IPv6 address in brackets. */
  name: string;
  /** Decimal digits; nothing when the client gave no port. */
  port: string | undefined;
}

// RFC 3986, section 3.2: a registered name or an address in brackets, then perhaps a port.
const authorityForm = /^(\[[\w.~!$&'()*+,;=:-]*\]|[\w.~!$&'()*+,;=%-]+)(?::(\d*))?$/;

/** Reads a host and port, from the Host header or an absolute-form request target; nothing for a malformed one. */
export function parseAuthority(text: string): Authority | undefined {
  const [, host = "", port = ""] = authorityForm.exec(text) ?? [];
  const name = host.replace(/\.$/, "").toLowerCase();
  if (name === "" || host.includes("..") || Number(port) > 65_535) return undefined;
  return { name, port: port || undefined };
}

/**
 * The Host header that the target gets: an Application Load Balancer cuts the port off on the default ports, and on any
 * other port adds it where the client left it out.
 */
export function forwardedHost({ name, port }: Authority, listenerPort: number): string {
  return listenerPort === 80 || listenerPort === 443 ? name : `${name}:${port ?? listenerPort}`;
}
