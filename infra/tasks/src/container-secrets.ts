import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { forum } from "../../forum.ts";
import { kept, newSecrets, randomSecret, type Secrets } from "./secrets.ts";

/** Readable for the one container that mounts the folder, whatever its user. */
const MODE = 0o444;

/**
 * Writes what each container of compose has to know into a folder of its own, which becomes a volume that only this
 * container mounts: `ROOT/postgres/password`, `ROOT/users/database-url`, … Secrets that exist are kept. TOKEN_KEYS,
 * PEER_SECRET and MODERATOR_PASSWORD may be given by the environment.
 */
export async function writeContainerSecrets(root: string, databaseHost: string): Promise<void> {
  const given = process.env;
  const all = await kept(path.join(root, "postgres", "all.json"), async () => JSON.stringify(await newSecrets()));
  const secrets = JSON.parse(all) as Secrets;
  const tokenKeys = given["TOKEN_KEYS"] || secrets.tokenKeys;
  const peerSecret = given["PEER_SECRET"] || secrets.peerSecret;
  const moderatorPassword = given["MODERATOR_PASSWORD"] || secrets.moderatorPassword;

  await kept(path.join(root, "postgres", "password"), () => secrets.databasePassword, MODE);
  const administrator = JSON.stringify({ username: "postgres", password: secrets.databasePassword });
  await kept(path.join(root, "cutover", "database-admin"), () => administrator, MODE);
  for (const { name, database, signsTokens, calls } of forum.services) {
    const write = (file: string, text: string) => replace(path.join(root, name, file), text);
    const url = `postgres://${database}:${randomSecret()}@${databaseHost}/${database}`;
    await kept(path.join(root, name, "database-url"), () => url, MODE);
    if (calls.length > 0) await write("peer-secret", peerSecret);
    if (signsTokens) await write("token-keys", tokenKeys);
    if (signsTokens) await write("moderator-password", moderatorPassword);
  }
}

/** A file that nobody may write is replaced all the same by its owner. */
async function replace(file: string, text: string): Promise<void> {
  await rm(file, { force: true });
  await writeFile(file, text, { mode: MODE });
}
