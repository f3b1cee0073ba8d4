/** Something the user has to know or do: said without a stack. */
export class UserError extends Error {
  override readonly name = "UserError";
}
