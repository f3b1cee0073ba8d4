import pg from "pg";

/** A database and the role of the same name that alone may open it. */
export interface DatabaseAccount {
  name: string;
  password: string;
}

/**
 * Makes a role and a database for each account, where they do not exist yet, and sets the role's password. No role can
 * open another's database, nor the server's own. Can be repeated, and finishes what an interrupted run has begun.
 * @param adminUrl address of any database of the server, with a role that may create roles and databases
 */
export async function ensureDatabases(adminUrl: string, accounts: DatabaseAccount[]): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5000 });
  await client.connect();
  // Names cannot be parameters of such statements: the server itself quotes them.
  const run = async (format: string, ...names: string[]) => {
    const places = names.map((_, i) => `$${i + 2}::text`).join(", ");
    const { rows } = await client.query<{ sql: string }>(`SELECT format($1, ${places}) AS sql`, [format, ...names]);
    await client.query(rows[0]!.sql);
  };
  const exists = async (
    catalog: "SELECT 1 FROM pg_roles WHERE rolname = $1" | "SELECT 1 FROM pg_database WHERE datname = $1",
    name: string,
  ) => (await client.query(catalog, [name])).rows.length > 0;

  try {
    for (const { name, password } of accounts) {
      if (!(await exists("SELECT 1 FROM pg_roles WHERE rolname = $1", name))) await run("CREATE ROLE %I LOGIN", name);
      await run("ALTER ROLE %I PASSWORD %L", name, password);
      // Who is no superuser (as on Aurora) must be a member of a role to give it a database.
      await run("GRANT %I TO CURRENT_USER", name);
      if (!(await exists("SELECT 1 FROM pg_database WHERE datname = $1", name))) {
        await run("CREATE DATABASE %I OWNER %I", name, name);
      }
      await run("REVOKE ALL ON DATABASE %I FROM PUBLIC", name);
    }
    for (const name of ["postgres", "template1"]) await run("REVOKE ALL ON DATABASE %I FROM PUBLIC", name);
  } finally {
    await client.end();
  }
}
