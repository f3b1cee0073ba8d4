/** Stands between a process that calls AWS and moto: what it sees and changes is no part of the product. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { request as send } from "undici";
import { listen } from "../support/loopback.ts";

/** A call on its way. */
export interface AwsRequest {
  /** As AWS writes it: `CreateVpc`. */
  operation: string;
  /** JSON, a form or CBOR, by the service's protocol. */
  body: Buffer;
}

export interface AwsResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Stands between a call and its answer; it may forward the call or not, and change the answer. */
export type Between = (request: AwsRequest, forward: () => Promise<AwsResponse>) => Promise<AwsResponse>;

export interface AwsProxy {
  url: string;
  stop(): Promise<void>;
}

/** Starts a proxy in front of the API server at that address, on a free port of 127.0.0.1. */
export async function startAwsProxy(target: string, between: Between): Promise<AwsProxy> {
  const server = createServer((req, res) => void answer(req, res, target, between));
  const { url, ...listening } = await listen(server);
  return { url: url.origin, stop: async () => listening[Symbol.asyncDispose]() };
}

async function answer(req: IncomingMessage, res: ServerResponse, target: string, between: Between): Promise<void> {
  try {
    const body = await buffer(req);
    const { connection: _, "transfer-encoding": __, expect: ___, ...headers } = req.headers;
    const forward = async (): Promise<AwsResponse> => {
      const response = await send(`${target}${req.url}`, { method: req.method as "POST", headers, body });
      const { statusCode: status, headers: sent } = response;
      return { status, headers: sent, body: Buffer.from(await response.body.arrayBuffer()) };
    };
    const response = await between({ operation: operationOf(req, body), body }, forward);
    const { "content-length": ____, "transfer-encoding": _____, ...kept } = response.headers;
    res.writeHead(response.status, kept).end(response.body);
  } catch {
    // Whoever asked is told by a cut connection, as by AWS.
    res.destroy();
  }
}

/** The operation, in the three ways in which the protocols of AWS say it. */
function operationOf({ headers, url = "" }: IncomingMessage, body: Buffer): string {
  const target = headers["x-amz-target"];
  if (typeof target === "string") return target.split(".").at(-1) ?? "";
  const path = /\/operation\/(\w+)$/.exec(url)?.[1];
  return path ?? new URLSearchParams(body.toString()).get("Action") ?? "";
}
