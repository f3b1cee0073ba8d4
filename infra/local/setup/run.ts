import { appendFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { execa, ExecaError } from "execa";

/** Where the output of everything that runs goes; git ignores it. */
export const dataFolder = path.resolve(import.meta.dirname, "../../../.data/setup");
const logFile = path.join(dataFolder, "setup.log");

/** Something the user has to know or do: said without a stack. */
export class SetupError extends Error {}

/** Says what is going on, with the seconds since the start. */
export function say(line: string): void {
  console.error(`setup ${(performance.now() / 1000).toFixed(1).padStart(6)} s  ${line}`);
}

/** Runs a command to its end; its output goes to the log. @throws SetupError with its last lines when it fails */
export async function run(
  command: string,
  args: string[],
  options: { input?: string; cwd?: string } = {},
): Promise<void> {
  await mkdir(dataFolder, { recursive: true });
  await appendFile(logFile, `\n$ ${command} ${args.join(" ")}\n`);
  try {
    await execa(command, args, {
      ...options,
      stdin: options.input === undefined ? "ignore" : "pipe",
      all: true,
      // Kept as well as written: in the log the lines of commands that run at the same time are mixed.
      stdout: ["pipe", { file: logFile, append: true }],
      stderr: ["pipe", { file: logFile, append: true }],
    });
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    const all: unknown = error.all;
    const lines = (typeof all === "string" ? all : "").trimEnd().split("\n").slice(-15).join("\n  ");
    const how = error.shortMessage;
    throw new SetupError(
      `${how}\n  ${lines}\nThe whole output is in ${logFile}. When the cause is gone, run \`npm run setup\` again.`,
      { cause: error },
    );
  }
}

/** What a command prints, without surrounding space; undefined when it fails or is not there. */
export async function output(command: string, args: string[], timeout = 10_000): Promise<string | undefined> {
  const result = await execa(command, args, { reject: false, stdin: "ignore", timeout });
  return result.failed ? undefined : result.stdout.trim();
}
