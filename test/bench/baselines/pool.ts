import pg from "pg";

// Ids are `bigint`: without this they would be texts, and the answers other ones.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** The pool of a baseline as pg's documentation makes it. */
export const pool = new pg.Pool({ connectionString: process.env["DATABASE_URL"], max: 10 });
export const port = Number(process.env["PORT"]);
