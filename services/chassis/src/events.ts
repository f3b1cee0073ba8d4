import { createHash, timingSafeEqual } from "node:crypto";
import { Router } from "express";
import { event, EVENTS_PATH, type Event } from "../../contract/src/index.ts";
import { methodNotAllowed } from "./errors.ts";
import { input, jsonBody } from "./input.ts";
import { unauthenticated } from "./problem.ts";

/** What to do on each type of event; each must do no harm when it is called twice. Types not listed are ignored. */
export type EventHandlers = { [Type in Event["type"]]?: (event: Extract<Event, { type: Type }>) => Promise<void> };

/** Takes events from peers, which prove themselves by the shared secret. 204 once an event has been handled. */
export function eventRoutes(secret: string, handlers: EventHandlers): Router {
  const router = Router({ caseSensitive: true });
  router
    .route(EVENTS_PATH)
    .post(jsonBody, async (req, res) => {
      if (!same(req.headers.authorization ?? "", `Bearer ${secret}`)) {
        throw unauthenticated("Only services of this application may send events.");
      }
      const { body } = input(req, { body: event });
      await (handlers[body.type] as ((event: Event) => Promise<void>) | undefined)?.(body);
      res.status(204).end();
    })
    .all(methodNotAllowed);
  return router;
}

/** Compares in a time that does not depend on where the texts differ. */
function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
