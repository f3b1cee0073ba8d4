/**
 * What a session has seen, while a module is on its way: a cookie with the time of its last answer. A copy may answer
 * it only when it is newer than that, so that a session reads its own writes and never goes back in time.
 */
import type { Request, Response } from "express";
import onHeaders from "on-headers";

const NAME = "seen";
/** Seconds. Longer than the staleness that a copy may have at most. */
const LIFETIME = 10;

/** When the session had its last answer, in milliseconds since 1970; 0 when it had none of late, or keeps no cookies. */
export function seenBy(req: Request): number {
  const time = Number(new RegExp(`(?:^|;\\s*)${NAME}=(\\d{13})(?:;|$)`).exec(req.headers.cookie ?? "")?.[1] ?? 0);
  return Math.min(time, Date.now());
}

/** Lets the session know the time of this answer. What may be kept by caches gets no cookie. */
export function rememberSeen(res: Response): void {
  onHeaders(res, () => {
    if (res.get("Cache-Control") !== "no-store" || res.hasHeader("Set-Cookie")) return;
    res.append("Set-Cookie", `${NAME}=${Date.now()}; Path=/api; Max-Age=${LIFETIME}; HttpOnly; SameSite=Lax`);
  });
}
