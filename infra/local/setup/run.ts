import { appendFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { execa, ExecaError } from "execa";
import { DATA } from "../../folders.ts";
import { UserError } from "../../terminal/user-error.ts";

/** Logs and half-made files; git ignores it. */
export const dataFolder = path.join(DATA, "setup");
const logFile = path.join(dataFolder, "setup.log");

/** Says what is about to happen, with the seconds since the start. */
export function say(line: string): void {
  console.error(`setup ${(performance.now() / 1000).toFixed(1).padStart(6)} s  ${line}`);
}

/**
 * Runs a command to its end; what it prints goes to the log.
 * @throws UserError with the last lines that it printed, when it fails
 */
export async function run(command: string, args: string[], options: { cwd?: string } = {}): Promise<void> {
  await mkdir(dataFolder, { recursive: true });
  await appendFile(logFile, `\n$ ${command} ${args.join(" ")}\n`);
  try {
    await execa(command, args, {
      ...options,
      // Debian's packages ask questions and speak the user's language otherwise.
      env: { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" },
      stdin: "ignore",
      stdout: ["pipe", { file: logFile, append: true }],
      stderr: ["pipe", { file: logFile, append: true }],
      all: true,
    });
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    throw new UserError(
      `${error.shortMessage}\n${lastLines(error.all ?? "")}\nAll output is in ${logFile}. Once the cause is gone, run setup again.`,
      1,
      { cause: error },
    );
  }
}

/** What a command prints, without surrounding space; undefined when it fails or does not exist. */
export async function output(command: string, args: string[]): Promise<string | undefined> {
  const result = await execa(command, args, { reject: false, stdin: "ignore", timeout: 10_000 });
  return result.failed ? undefined : result.stdout.trim();
}

/** Why a command fails, in its own words; undefined when it succeeds. */
export async function complaint(command: string, args: string[]): Promise<string | undefined> {
  const result = await execa(command, args, { reject: false, stdin: "ignore", timeout: 10_000 });
  if (!result.failed) return undefined;
  return result.stderr?.trim().split("\n").at(-1) || result.shortMessage;
}

/** The end of a log, as a block of its own below a message. */
export function lastLines(text: string, count = 12): string {
  const lines = text.trimEnd().split("\n").slice(-count);
  return lines.map((line) => `  | ${line}`).join("\n");
}
