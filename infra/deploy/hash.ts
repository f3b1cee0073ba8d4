import { createHash } from "node:crypto";
import { canonical } from "./differences.ts";

/** The tag with the hash of the wanted description from which a resource was made. */
export const SPEC_TAG = "spec-hash";

/** A short hash of a description; the order of keys and lists does not matter. */
export const hashOf = (spec: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify(canonical(spec)))
    .digest("hex")
    .slice(0, 16);
