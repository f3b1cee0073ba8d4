import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { generateTokenKeys } from "../../services/chassis/src/auth/keys.ts";

/** What only this installation may know. */
export interface Secrets {
  databasePassword: string;
  /** What services know one another by. */
  peerSecret: string;
  /** Private keys that tokens are signed with: a JWK Set. */
  tokenKeys: string;
  moderatorPassword: string;
}

/** New secrets, out of the system's random source. */
export async function newSecrets(): Promise<Secrets> {
  const random = () => randomBytes(24).toString("base64url");
  return {
    databasePassword: random(),
    peerSecret: random() + random(),
    tokenKeys: await generateTokenKeys(),
    moderatorPassword: random(),
  };
}

/** The secrets kept in a file that only its owner can read; made at the first call. */
export async function keptSecrets(file: string): Promise<Secrets> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Secrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const secrets = await newSecrets();
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}
