/** How a deployment can end otherwise than well. */
export type Ending = "failed" | "rolled back" | "timed out";

/** What the process says of each, so that a pipeline can tell them apart. */
export const EXIT_CODES: Record<Ending, number> = { failed: 1, "rolled back": 3, "timed out": 4 };

/** An end, with its word. */
export class EndingError extends Error {
  override readonly name = "EndingError";
  readonly ending: Ending;

  constructor(ending: Ending, message: string, options?: ErrorOptions) {
    super(message, options);
    this.ending = ending;
  }
}

/** The word for an error. */
export const endingOf = (error: unknown): Ending => (error instanceof EndingError ? error.ending : "failed");
