import assert from "node:assert/strict";
import { test } from "node:test";
import { dependenciesOf, waves } from "../../infra/deploy/graph.ts";
import { ref, type ResourceId } from "../../infra/deploy/reference.ts";
import type { Resource } from "../../infra/deploy/resource.ts";
import { wanted } from "./support.ts";

const resource = (kind: string, name: string, spec: unknown = {}, after: ResourceId[] = []): Resource => ({
  kind,
  name,
  id: `${kind}/${name}`,
  spec,
  after,
  tags: {},
});

test("a resource depends on what it refers to and on what it comes after", () => {
  const one = resource("subnet", "a", { VpcId: ref("vpc/main", "VpcId"), x: ref("generated/password", "Value") }, [
    "cluster/main",
  ]);
  assert.deepEqual(dependenciesOf(one), ["cluster/main", "vpc/main"]);
});

test("every wave needs only earlier ones, in every shape of the forum", () => {
  for (const shape of [{}, { stage: "monolith" }, { network: "private", exec: true }, { certificate: "arn:x" }]) {
    const done = new Set<string>();
    for (const wave of waves(wanted(shape))) {
      for (const one of wave)
        assert.deepEqual(
          dependenciesOf(one).filter((id) => !done.has(id)),
          [],
        );
      for (const { id } of wave) done.add(id);
    }
    assert.equal(done.size, wanted(shape).length);
  }
});

test("mistakes of the graph are told by name", () => {
  const vpc = resource("vpc", "main");
  assert.throws(() => waves([vpc, vpc]), /Two resources are called vpc\/main/);
  assert.throws(() => waves([resource("subnet", "a", { VpcId: ref("vpc/main", "VpcId") })]), /needs vpc\/main/);
  assert.throws(
    () => waves([vpc, resource("subnet", "a", { VpcId: ref("vpc/main", "Arn") })]),
    /Arn, which vpc does not/,
  );
  assert.throws(
    () => waves([resource("cluster", "a", {}, ["cluster/b"]), resource("cluster", "b", {}, ["cluster/a"])]),
    /wait for one another: cluster\/a, cluster\/b/,
  );
});
