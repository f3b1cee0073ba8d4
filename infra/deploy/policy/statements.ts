import { containers } from "./containers.ts";
import { data } from "./data.ts";
import type { Condition, Grant, Where } from "./grant.ts";
import { network } from "./network.ts";
import { FREE, reading } from "./reading.ts";

/** A statement of an IAM policy. */
export interface Statement {
  Sid: string;
  Effect: "Allow";
  Action: string[];
  Resource: string[];
  Condition?: Condition;
}

export const grants: readonly Grant[] = [...reading, ...network, ...containers, ...data];

/**
 * What the calls need, and nothing else.
 * @throws Error when nothing is said about on what a call may act: a gap in these tables
 */
export function statementsFor(calls: readonly string[], where: Where): Statement[] {
  const forgotten = calls.filter((call) => !FREE.includes(call) && !grants.some((grant) => isGranted(grant, call)));
  if (forgotten.length > 0)
    throw new Error(`infra/deploy/policy does not say on what these act: ${forgotten.join(", ")}`);
  return grants
    .map((grant) => statementFor(grant, calls, where))
    .filter(({ Action, Resource }) => Action.length > 0 && Resource.length > 0);
}

function statementFor(
  { sid, calls: patterns, actions = (same) => same, on, when }: Grant,
  all: readonly string[],
  where: Where,
): Statement {
  const calls = all.filter((call) => patterns.some((pattern) => matches(pattern, call)));
  return {
    Sid: sid,
    Effect: "Allow",
    Action: calls.length > 0 ? [...new Set(actions(calls))].toSorted() : [],
    Resource: on(where),
    ...(when && { Condition: when(where, calls) }),
  };
}

/** Whether a grant is about the very action, not only about what it needs besides. */
const isGranted = ({ calls, actions = (same) => same }: Grant, call: string): boolean =>
  calls.some((pattern) => matches(pattern, call)) && actions([call]).includes(call);

/** Whether a text is what a pattern means, as IAM reads it: `*` is any run of characters, `?` is one. */
export function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[$()+.[\\\]^{|}]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`).test(text);
}
