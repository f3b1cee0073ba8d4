/** Each service's role opens its own database and no other one. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import { forum } from "../../infra/forum.ts";
import { startTestPostgres } from "../support/forum.ts";

const postgres = await startTestPostgres();
after(postgres.remove);

const roles = forum.services.map(({ database }) => database);

async function open(role: string, database: string): Promise<void> {
  const address = new URL(postgres.url(role));
  address.pathname = database;
  const client = new pg.Client({ connectionString: address.href });
  try {
    await client.connect();
    await client.query("SELECT 1");
  } finally {
    await client.end();
  }
}

for (const role of roles) {
  test(`${role} opens its own database alone`, async () => {
    await open(role, role);
    const others = [...roles, "postgres", "template1"].filter((database) => database !== role);
    // 42501: insufficient privilege
    for (const database of others) await assert.rejects(open(role, database), { code: "42501" }, database);
  });
}

test("no role may make databases or roles, or become another one", async () => {
  for (const role of roles) {
    await assert.rejects(postgres.query(role, "CREATE DATABASE more"), { code: "42501" });
    await assert.rejects(postgres.query(role, "CREATE ROLE more"), { code: "42501" });
    await assert.rejects(postgres.query(role, "SET ROLE postgres"), { code: "42501" });
  }
});

test("a wrong password is refused", async () => {
  const address = new URL(postgres.url("posts"));
  address.password = "wrong";
  const client = new pg.Client({ connectionString: address.href });
  await assert.rejects(client.connect(), { code: "28P01" });
});
