import type { Logger } from "../log.ts";
import { whenDatabaseAnswers } from "../database.ts";
import { Problem } from "../problem.ts";
import type { AccountConfig } from "./config.ts";
import { hashPassword } from "./passwords.ts";
import type { Role } from "./tokens.ts";

interface Accounts {
  create(account: { username: string; name: string; passwordHash: string; role: Role }): Promise<{ id: number }>;
  credentials(username: string): Promise<unknown>;
}

/**
 * Makes the first moderator when a password for it is configured and nobody has its name. Several tasks may try at
 * once; an account that exists is never changed.
 */
export const ensureModerator = (accounts: Accounts, config: AccountConfig, log: Logger): Promise<void> =>
  whenDatabaseAnswers(log, () => makeModerator(accounts, config, log));

async function makeModerator(accounts: Accounts, config: AccountConfig, log: Logger): Promise<void> {
  const { MODERATOR_USERNAME: username, MODERATOR_PASSWORD: password } = config;
  if (password === undefined || (await accounts.credentials(username))) return;
  try {
    const { id } = await accounts.create({
      username,
      name: "Moderator",
      passwordHash: await hashPassword(password),
      role: "moderator",
    });
    log.info({ id, username }, "moderator created");
  } catch (error) {
    if (!(error instanceof Problem && error.kind === "conflict")) throw error;
  }
}
