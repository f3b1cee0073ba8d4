import path from "node:path";

/** The root of the project. */
export const root = path.resolve(import.meta.dirname, "..");

/** Where everything that runs on this machine keeps its data and logs; git ignores it. */
export const DATA = path.join(root, ".data");
