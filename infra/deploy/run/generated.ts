import { newSecrets } from "../../tasks/src/secrets.ts";
import type { Reference } from "../reference.ts";
import { mapTexts, referencesIn, resolve } from "../reference.ts";
import { GENERATED } from "../graph.ts";

/** A value with every `${generated/…}` in it made up: each a new one, out of the system's random source. */
export async function withGenerated<T>(value: T): Promise<T> {
  if (!referencesIn(value).some(({ id }) => id.startsWith(GENERATED))) return value;
  const { databasePassword, tokenKeys } = await newSecrets();
  const values: Record<string, string> = { "generated/password": databasePassword, "generated/token-keys": tokenKeys };
  return mapTexts(value, (text) => resolve(text, ({ id }: Reference) => values[id]));
}
