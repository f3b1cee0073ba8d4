import * as z from "zod";
import { kinds } from "../config.ts";
import { tokenKeys } from "./keys.ts";
import type { LoginLimits } from "./login.ts";

/** What a service that keeps accounts reads from its environment. */
export const accountConfig = {
  TOKEN_KEYS: tokenKeys,
  /** Failed logins to one account from one address, and from one address to any account, within the window. */
  LOGIN_FAILURES_PER_ACCOUNT: kinds.integer(1, 100_000).default(10),
  LOGIN_FAILURES_PER_ADDRESS: kinds.integer(1, 100_000).default(100),
  /** Seconds. */
  LOGIN_FAILURES_WINDOW: kinds.integer(1, 86_400).default(900),
  /** The first moderator: an account made at the start if there is none of that name yet. */
  MODERATOR_USERNAME: z.string().default("moderator"),
  MODERATOR_PASSWORD: z.string().min(12, "must have at least 12 characters").optional(),
};

export type AccountConfig = z.output<z.ZodObject<typeof accountConfig>>;

/** The limits of `createLogin` out of the environment's values. */
export const loginLimits = (config: AccountConfig): LoginLimits => ({
  perAccount: config.LOGIN_FAILURES_PER_ACCOUNT,
  perAddress: config.LOGIN_FAILURES_PER_ADDRESS,
  window: config.LOGIN_FAILURES_WINDOW,
});
