/** What stands behind the last slash of an ARN, and names a thing where it is known which account it is of. */
export const shortOf = (arn: string): string => arn.split("/").at(-1)!;
