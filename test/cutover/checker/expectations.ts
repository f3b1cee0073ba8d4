/** What an operation must have found, from what was written before it and what its session knew. */
import { mayHold, type Thing, type Things } from "./things.ts";
import type { Operation } from "../history.ts";

export interface Promises {
  /** How old a copy may be that answers a session which has seen nothing newer, in milliseconds. */
  staleness: number;
  /** How long the posts of a deleted thread may stay, in milliseconds. */
  grace: number;
}

/** What a session knows of a thing, from its own requests. */
export interface Knowledge {
  /** The request that showed that it exists. */
  exists?: Operation;
  /** The request that found it gone, after it had existed. */
  gone?: Operation;
  /** The values it has been seen to have, by their writers, with the request that showed it. */
  seen: Map<Operation, Operation>;
}

export type Reason = "own write not read" | "read went back" | "stale read";

/** Why an operation should have known of something, and the operation that proves it. */
export interface Duty {
  reason: Reason;
  proof: Operation[];
}

/** Everything that was confirmed before this moment has to be visible to an operation. */
export const horizon = ({ seen, invoked }: Operation, { staleness }: Promises): number =>
  Math.max(seen, invoked - staleness);

const isOwn = (write: Operation, of: Operation): boolean =>
  write.session === of.session && write.n < of.n && write.outcome === "acknowledged";

/** What an operation must have found of a thing. */
export interface Question {
  thing: Thing;
  by: Operation;
  things: Things;
  promises: Promises;
  /** What the session of the operation knew of the thing before it. */
  knowledge: Knowledge;
}

/** Why a write must be visible to an operation; undefined when it need not be. */
function dutyToSee(write: Operation, { by, things, promises }: Question, evidence?: Operation): Duty | undefined {
  if (isOwn(write, by)) return { reason: "own write not read", proof: [write] };
  if (evidence) return { reason: "read went back", proof: [write, evidence] };
  if (things.effectBy(write) < horizon(by, promises)) return { reason: "stale read", proof: [write] };
  return undefined;
}

/** A newer value that should have been found instead of the one that `found` wrote. */
export function newerValue(found: Operation, question: Question): Duty | undefined {
  const { thing, things, knowledge } = question;
  // Newer is what began after the other had taken effect; of writes side by side either may be the last.
  for (const write of thing.writes.toReversed()) {
    if (write === found || things.effectBy(found) >= write.invoked) continue;
    const duty = dutyToSee(write, question, knowledge.seen.get(write));
    if (duty) return duty;
  }
  return undefined;
}

/** Why a thing that was found should have been gone. */
export function goneBefore(question: Question): Duty | undefined {
  const { thing, knowledge } = question;
  for (const deletion of thing.deletes) {
    const duty = dutyToSee(deletion, question);
    if (duty) return duty;
  }
  return knowledge.gone && { reason: "read went back", proof: [knowledge.gone] };
}

/** The deletion of a post's thread that was so long ago that the post should have been gone. */
export const outlived = ({ thing: { thread }, by, promises: { grace } }: Question): Operation | undefined =>
  thread?.deletes.find(({ outcome, completed }) => outcome === "acknowledged" && completed + grace < by.invoked);

/**
 * Why a thing that was not found should have been there.
 * @param deletions what may have taken it away
 */
export function thereBefore(question: Question, deletions: Operation[]): Duty | undefined {
  const { thing, by, knowledge } = question;
  if (deletions.some((deletion) => mayHold(deletion) && deletion.invoked < by.completed)) return undefined;
  const create = thing.create ?? knowledge.exists;
  return create && dutyToSee(create, question, knowledge.exists);
}
