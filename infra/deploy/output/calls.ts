import { inspect } from "node:util";
import type { Change } from "../plan/change.ts";
import type { Step } from "../step.ts";

/** The steps of a plan in an order in which they can be made, with their inputs. */
export const callList = (changes: readonly Change[]): string => changes.map(stepsOf).join("\n\n");

const stepsOf = ({ action, id, after, steps }: Change): string =>
  [
    `${action} ${id}${after.length > 0 ? `, after ${after.join(", ")}` : ""}`,
    ...steps.map((step) => indent(stepText(step))),
  ].join("\n");

/** One step in words: the action as IAM calls it, and the input. */
export function stepText(step: Step): string {
  switch (step.type) {
    case "call":
      return `${step.service}:${step.operation} ${valueText(step.input)}`;
    case "wait":
      return `wait until ${step.until}, at most ${step.seconds} s (${step.service}:${step.operation})`;
    // A command is the one left.
    default:
      return step.command.join(" ");
  }
}

/** A value for people to read, on one line where it fits. */
export const valueText = (value: unknown): string =>
  inspect(value, { depth: null, breakLength: 110, compact: 3, maxArrayLength: null, maxStringLength: null });

const indent = (text: string): string => text.replace(/^/gm, "  ");
