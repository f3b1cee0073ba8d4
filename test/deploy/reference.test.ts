import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ref, referencesIn, resolve } from "../../infra/deploy/reference.ts";

test("references are found however deep they stand, also in the middle of texts", () => {
  const value = {
    a: [ref("vpc/main", "VpcId")],
    b: { c: `arn:${ref("role/users", "Arn")}:${ref("vpc/main", "VpcId")}` },
  };
  assert.deepEqual(referencesIn(value), [
    { id: "vpc/main", attribute: "VpcId" },
    { id: "role/users", attribute: "Arn" },
    { id: "vpc/main", attribute: "VpcId" },
  ]);
});

test("what is known is put in, the rest stays", () => {
  const value = { subnets: [ref("subnet/a-1", "SubnetId"), ref("subnet/a-2", "SubnetId")], port: 80, none: undefined };
  const resolved = resolve(value, ({ id }) => (id === "subnet/a-1" ? "subnet-1" : undefined));
  assert.deepEqual(resolved, { subnets: ["subnet-1", "${subnet/a-2.SubnetId}"], port: 80, none: undefined });
});

test("a value without references is copied as it is", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      fc.pre(referencesIn(value).length === 0);
      assert.deepEqual(
        resolve(value, () => "x"),
        value,
      );
    }),
  );
});
