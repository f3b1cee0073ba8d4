import { UserError } from "./user-error.ts";

/** The exit code by which a shell knows that a command was ended by SIGINT. */
export const INTERRUPTED = 130;

/**
 * Says on stderr why a command has failed, and sets the exit code of the process: a mistake in words, a bug with its stack.
 * @param isForPeople which errors are told in words beside a `UserError`
 */
export function exitFor(error: unknown, isForPeople: (error: Error) => boolean = () => false): void {
  const inWords = error instanceof UserError || (error instanceof Error && isForPeople(error));
  process.exitCode = error instanceof UserError ? error.exitCode : 1;
  console.error(inWords ? error.message : error);
}
