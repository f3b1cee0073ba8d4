import type { Statement } from "./statements.ts";

/** A policy as IAM takes it. */
export interface PolicyDocument {
  Version: "2012-10-17";
  Statement: Statement[];
}

/** Characters of a managed policy, not counting white space. */
export const MOST = 6144;

const documentOf = (Statement: Statement[]): PolicyDocument => ({ Version: "2012-10-17", Statement });

/** How IAM counts. */
export const sizeOf = (document: PolicyDocument): number => JSON.stringify(document).replaceAll(/\s/g, "").length;

/** The statements in order, in as few documents as IAM's limit allows. */
export function documentsOf(statements: readonly Statement[]): PolicyDocument[] {
  const parts: Statement[][] = [[]];
  for (const statement of statements) {
    const last = parts.at(-1)!;
    if (sizeOf(documentOf([...last, statement])) > MOST) parts.push([statement]);
    else last.push(statement);
  }
  return parts.map(documentOf);
}
