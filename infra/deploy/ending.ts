import { INTERRUPTED } from "../terminal/exit.ts";

/** How a deployment can end otherwise than well. */
export type Ending = "failed" | "misconfigured" | "timed out" | "rolled back" | "interrupted";

/** What the process says of each, so that a pipeline can tell them apart. The one that counts most stands first. */
export const EXIT_CODES: Record<Ending, number> = {
  failed: 1,
  misconfigured: 5,
  "timed out": 4,
  "rolled back": 3,
  interrupted: INTERRUPTED,
};

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
export function endingOf(error: unknown): Ending {
  if (error instanceof EndingError) return error.ending;
  return error instanceof Error && error.name === "AbortError" ? "interrupted" : "failed";
}

/** What happened, in words; a wait that was broken off knows it only as the cause. */
export const messageOf = ({ message, cause }: Error): string =>
  cause instanceof EndingError ? cause.message : message;

/** The word for several: the one that counts most; without any, nobody failed and somebody was not begun. */
export const worstOf = (endings: readonly Ending[]): Ending =>
  (Object.keys(EXIT_CODES) as Ending[]).find((one) => endings.includes(one)) ?? "interrupted";
