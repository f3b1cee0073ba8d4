/** Something the user has to know or do: said without a stack. */
export class UserError extends Error {
  override readonly name: string = "UserError";
  /** Of the process. */
  readonly exitCode: number;

  constructor(message: string, exitCode = 1, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** A mistake in a command line. */
export class UsageError extends UserError {
  constructor(message: string) {
    super(message, 2);
  }
}
