import { generateTokenKeys, signingKeys, tokenKeys } from "../../services/chassis/src/auth/keys.ts";

/** Keys that tokens are signed and checked with, as a service reads them from its configuration. */
export const newKeys = async () => signingKeys(tokenKeys.parse(await generateTokenKeys()));
