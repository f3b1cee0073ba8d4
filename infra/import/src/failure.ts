/** Something that a person can set right: said to them without a stack. */
export class ImportError extends Error {
  override readonly name: string = "ImportError";
}

/** A mistake in the dump; the message begins with file, line and column. */
export class DumpError extends ImportError {
  override readonly name = "DumpError";
}
