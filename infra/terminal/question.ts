import { createInterface } from "node:readline/promises";

/** Whether somebody is there who can be asked. */
export const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/** What somebody types in answer to a question on stderr, without surrounding space. */
export async function answerTo(question: string): Promise<string> {
  // Not in raw mode: Ctrl-C is to end the process, as it does elsewhere.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    return (await lines.question(question)).trim();
  } finally {
    lines.close();
  }
}
