import { UserError } from "../../terminal/user-error.ts";

/** A mistake in the dump; the message begins with file, line and column. */
export class DumpError extends UserError {
  override readonly name = "DumpError";
}
