import { inspect } from "node:util";
import type { Change } from "../plan/change.ts";
import type { Step } from "../step.ts";

/** The steps of a plan in order, with their inputs; what stands under one heading happens side by side. */
export function callList(waves: Change[][]): string {
  return waves
    .map((wave, index) => [`── ${index + 1} of ${waves.length}, side by side`, ...wave.map(stepsOf)].join("\n\n"))
    .join("\n\n");
}

const stepsOf = ({ action, resource, steps }: Change): string =>
  [`${action} ${resource.id}`, ...steps.map((step) => indent(stepText(step)))].join("\n");

/** One step in words: the action as IAM calls it, and the input. */
export function stepText(step: Step): string {
  switch (step.type) {
    case "call":
      return `${step.service}:${step.operation} ${inputText(step.input)}`;
    case "wait":
      return `wait until ${step.until}, at most ${step.seconds} s (${step.service}:${step.operation})`;
    // A command is the one left.
    default:
      return step.command.join(" ");
  }
}

const inputText = (input: object): string =>
  inspect(input, { depth: null, breakLength: 110, compact: 3, maxArrayLength: null, maxStringLength: null });

const indent = (text: string): string => text.replace(/^/gm, "  ");
