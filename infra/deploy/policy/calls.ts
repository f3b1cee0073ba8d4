/** The calls of the AWS API that can be made, read off the source: there is no second list of them. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** The deployer, and what else works on AWS with its means. */
const source = path.resolve(import.meta.dirname, "../..");

/** Every way in which a call is written: a step, a wait, a question, and one that is sent at once. */
const CALL = /\b(?:call|wait|ask|send)\(\s*"([a-z0-9-]+)",([^{)]*)/g;
const OPERATION = /"([A-Z]\w+)"/g;

/** Everything that any verb may call, `SERVICE:Operation` as IAM writes it, sorted, each once. */
export async function callsInSource(from = source): Promise<string[]> {
  const files = (await readdir(from, { recursive: true })).filter((file) => file.endsWith(".ts"));
  const texts = await Promise.all(files.map((file) => readFile(path.join(from, file), "utf8")));
  return [...new Set(texts.flatMap(callsIn))].toSorted();
}

/** The calls in a text. The operation may depend on a condition: then all that are named count. */
export function callsIn(text: string): string[] {
  return [...text.matchAll(CALL)].flatMap(([, service, operation = ""]) =>
    [...operation.matchAll(OPERATION)].map(([, name]) => `${service}:${name}`),
  );
}
