import { execa } from "execa";
import { root } from "../../folders.ts";
import type { Command } from "../step.ts";

/** Lines of a failed program that are told. */
const LAST = 20;

/** Runs a program in the root of the project. @throws Error with the end of what it said, when it fails */
export async function runCommand({ command, input }: Command, signal?: AbortSignal): Promise<void> {
  const [program = "", ...args] = command;
  const result = await execa(program, args, {
    cwd: root,
    all: true,
    reject: false,
    ...(input === undefined ? { stdin: "ignore" as const } : { input }),
    ...(signal && { cancelSignal: signal }),
  });
  if (!result.failed) return;
  const said = (result.all ?? "").trimEnd().split("\n").slice(-LAST).join("\n    ");
  throw new Error(`${[program, ...args].join(" ")} has failed: ${result.shortMessage}\n    ${said}`, { cause: result });
}
