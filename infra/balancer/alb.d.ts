/** The part of alb.js that the gateway uses; the rest is called by nginx. */
declare const alb: {
  /** Server header of the balancer's own answers. */
  SERVER: string;
  /** Reason phrase of a status; empty for one that the load balancer gives none. */
  reason(status: number): string;
  /** HTML body of an answer that the balancer gives itself. */
  errorPage(status: number): string;
  /** The X-Amzn-Trace-Id header for the target. @param received that of the client @param seconds since 1970 */
  nextTrace(received: string | undefined, seconds: number): string;
  /** Seconds since 1970. */
  now(): number;
};
export default alb;
