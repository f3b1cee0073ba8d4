import { IncomingMessage, ServerResponse } from "node:http";
import type { Express } from "express";

/**
 * Classes for a server's requests and answers that are the app's own kinds from the start. Express would otherwise
 * change the prototype of each request and answer, and with it all that follows would be slower.
 */
export const messagesOf = ({ request, response }: Express) => ({
  IncomingMessage: withPrototype(IncomingMessage, request),
  ServerResponse: withPrototype(ServerResponse, response),
});

/** A constructor that makes what `base` makes, of another prototype, which inherits from that of `base`. */
function withPrototype<Base extends new (...args: never[]) => object>(base: Base, prototype: object): Base {
  function Kind(...args: unknown[]): unknown {
    return Reflect.construct(base, args, Kind);
  }
  Kind.prototype = prototype;
  return Kind as unknown as Base;
}
