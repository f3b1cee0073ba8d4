/** The language that monolith, services, tests and clients share. It has no behaviour. */
export * from "./events.ts";
export * from "./pagination.ts";
export * from "./posts.ts";
export * from "./problem.ts";
export * from "./threads.ts";
export * from "./users.ts";
