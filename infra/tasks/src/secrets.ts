import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { generateTokenKeys } from "../../../services/chassis/src/auth/keys.ts";

/** What only one installation may know. */
export interface Secrets {
  /** Of the database server's administrator; on a developer's machine also of every role. */
  databasePassword: string;
  /** What services know one another by. */
  peerSecret: string;
  /** Private keys that tokens are signed with: a JWK Set. */
  tokenKeys: string;
  moderatorPassword: string;
}

/** A secret of 192 bits in letters that need no quoting anywhere. */
export const randomSecret = (): string => randomBytes(24).toString("base64url");

/** New secrets, out of the system's random source. */
export const newSecrets = async (): Promise<Secrets> => ({
  databasePassword: randomSecret(),
  peerSecret: randomSecret() + randomSecret(),
  tokenKeys: await generateTokenKeys(),
  moderatorPassword: randomSecret(),
});

/** The text kept in a file; at the first call it is made and written, for nobody else to read unless `mode` says so. */
export async function kept(file: string, make: () => Promise<string> | string, mode = 0o600): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const text = await make();
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text, { mode });
  return text;
}
