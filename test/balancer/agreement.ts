/** Whether a running balancer does with a request what the evaluator says. */
import assert from "node:assert/strict";
import { METHODS } from "node:http";
import alb from "../../infra/balancer/alb.js";
import { evaluate } from "../../infra/balancer/evaluate.ts";
import { forwardedHost } from "../../infra/balancer/host.ts";
import type { RuleTable } from "../../infra/balancer/rules.ts";
import { echoOf } from "./echo-target.ts";
import { bytesOf, modelOf, type OddRequest } from "./odd-requests.ts";
import { send } from "./raw-client.ts";

export interface Subject {
  /** TCP port on 127.0.0.1. */
  port: number;
  /** Port that the balancer itself listens on. */
  listenerPort: number;
  /** The address from which the balancer sees this process come. */
  clientIp: string;
  /**
   * Whether it is made of Node's HTTP server, whose parser may answer 400 before the evaluator is asked: to methods it
   * does not know, to bytes above 127 in a URL, and to a length that is said twice.
   */
  isNode: boolean;
}

/** Sends a request to a balancer with that table, and fails unless the answer is the one that the evaluator foretells. */
export async function assertAgreement(table: RuleTable, subject: Subject, request: OddRequest): Promise<void> {
  const model = modelOf(request, subject.clientIp);
  const { headers } = model;
  const answer = evaluate(table, model);
  const response = await send(subject.port, bytesOf(request));
  const { status } = response;
  if (answer.type === "fixed-response" || (status === 400 && subject.isNode && mayFailToParse(request))) {
    const expected = answer.type === "fixed-response" ? [answer.statusCode] : [];
    if (subject.isNode && mayFailToParse(request)) expected.push(400);
    assert(expected.includes(status), `status ${status}, not ${expected.join(" or ")}`);
    assert.equal(response.body, alb.errorPage(status));
    assert.equal(response.headers["server"], alb.SERVER);
    return;
  }
  assert.equal(status, 200);
  const echo = echoOf(response.body);
  const candidates = answer.targetGroups.filter(({ weight }) => weight > 0).map(({ targetGroup }) => targetGroup);
  assert(candidates.includes(echo.target), `${echo.target} answered, not ${candidates.join(" or ")}`);
  assert.equal(echo.url, answer.url);
  assert.equal(echo.method, request.method);
  // An echo of bytes that are no HTTP to Node has no headers.
  if (!echo.headers["host"]) return;
  assert.equal(echo.headers["host"], forwardedHost(answer.host, subject.listenerPort));
  const addresses = [...(headers["x-forwarded-for"] ?? []), subject.clientIp];
  assert.equal(echo.headers["x-forwarded-for"], addresses.join(", "));
}

function mayFailToParse({ method, url, headers }: OddRequest): boolean {
  const lengths = headers.filter(([name]) => ["Transfer-Encoding", "Content-Length"].includes(name));
  return !METHODS.includes(method) || /[\x80-\xff]/.test(url) || lengths.length > 1;
}
