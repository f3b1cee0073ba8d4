import assert from "node:assert/strict";
import { test } from "node:test";
import { databaseAccounts } from "../../infra/tasks/src/database-accounts.ts";
import { specOf, wanted } from "./support.ts";

test("the one-off task reads exactly the variables that its task definition gives it", () => {
  for (const stage of ["monolith", "microservices"]) {
    const [container] = specOf(wanted({ stage }), "task-definition", "tasks").containerDefinitions;
    const environment = Object.fromEntries(
      container!.secrets!.map(({ name = "" }) => [
        name,
        name === "DATABASE_ADMIN"
          ? '{"username":"postgres","password":"p/w#1"}'
          : `postgres://x:secret-of-${name}@host.example:5432/x?sslmode=no-verify`,
      ]),
    );
    const { adminUrl, accounts } = databaseAccounts(environment);
    assert.equal(adminUrl, "postgres://postgres:p%2Fw%231@host.example:5432/postgres?sslmode=no-verify");
    const names = stage === "monolith" ? ["monolith"] : ["monolith", "users", "threads", "posts"];
    assert.deepEqual(
      accounts,
      names.map((name) => ({ name, password: `secret-of-${name.toUpperCase()}_DATABASE_URL` })),
    );
  }
});
