import assert from "node:assert/strict";
import { test } from "node:test";
import { costsOf, sum } from "../../infra/deploy/cost.ts";
import { wanted } from "./support.ts";

const monthly = (changed: object, id: string) =>
  sum(costsOf(wanted(changed)).filter((cost) => cost.id === id && !cost.what.includes("address")));

test("two small tasks cost what AWS's example says", () => {
  // 2 × 730 h × (0.25 × $0.04048 + 0.5 × $0.004445)
  assert.equal(monthly({}, "service/users").toFixed(2), "18.02");
  assert.ok(monthly({ architecture: "ARM64" }, "service/users") < 15);
});

test("tasks on Spot cost less, but never the first one", () => {
  const [none, all] = [monthly({}, "service/users"), monthly({ spot: 1 }, "service/users")];
  assert.equal((all / none).toFixed(2), "0.65");
});

test("an awake database costs half a capacity unit at least", () => {
  assert.equal(monthly({}, "db-cluster/main").toFixed(2), "43.80");
  assert.equal(monthly({ database: { minimum: 2 } }, "db-cluster/main").toFixed(2), "175.20");
});

test("whether the database can pause is told: not while logical replication is on", () => {
  const what = (database: object) => costsOf(wanted({ database })).find(({ id }) => id === "db-cluster/main")!.what;
  assert.equal(what({}), "0.5 capacity units; never paused while logical replication is on");
  assert.equal(what({ logicalReplication: false }), "0.5 capacity units; nothing while paused");
  assert.equal(what({ minimum: 1, logicalReplication: false }), "1 capacity units");
});

test("the monolith alone costs less than with its services", () => {
  assert.ok(sum(costsOf(wanted({ stage: "monolith" }))) < sum(costsOf(wanted())));
});
