import assert from "node:assert/strict";
import { test } from "node:test";
import { output } from "../../infra/balancer/main.ts";
import { nginxConfiguration } from "../../infra/balancer/nginx.ts";
import { forwardTo, listenerRules } from "../../infra/balancer/rules.ts";
import { forum } from "../../infra/forum.ts";

const upstreamsIn = (configuration: string) =>
  [...configuration.matchAll(/^ *upstream (\S+) \{/gm)].map(([, name]) => name);

test("the nginx configuration has an upstream for each target group of its stage", () => {
  assert.deepEqual(upstreamsIn(output(["nginx"])), ["users", "threads", "posts", "monolith"]);
  assert.deepEqual(upstreamsIn(output(["nginx", "--stage", "monolith"])), ["monolith"]);
  assert.deepEqual(upstreamsIn(output(["nginx", "--services", "posts,users"])), ["users", "posts", "monolith"]);
});

test("the rules are printed as JSON, with the weights that were asked for", () => {
  const table: unknown = JSON.parse(output(["rules", "--weights", "posts=posts:25,monolith:75"]));
  assert.deepEqual(table, listenerRules(forum, { weights: { posts: { posts: 25, monolith: 75 } } }));
});

test("weights are printed for a running nginx: those that are given, or at the beginning of a move all of them", () => {
  const rulesIn = (text: string) => [...text.matchAll(/default "(.*)";/g)].map(([, weights]) => weights);
  assert.deepEqual(rulesIn(output(["weights"])), []);
  assert.deepEqual(rulesIn(output(["weights", "--weights", "posts=posts:25,monolith:75"])), [
    "300=posts:25,monolith:75",
  ]);
  assert.deepEqual(rulesIn(output(["weights", "--stage", "monolith"])), [
    "100=users:0,monolith:100",
    "200=threads:0,monolith:100",
    "300=posts:0,monolith:100",
  ]);
});

test("a wrong command line is answered with the way to write it", () => {
  for (const args of [[], ["apache"], ["nginx", "rules"], ["nginx", "--stage", "moon"]]) {
    assert.throws(() => output(args), /Usage: node infra\/balancer\/main\.ts/, args.join(" "));
  }
  assert.throws(() => output(["nginx", "--weights", "posts"]), /does not look like posts=posts:25,monolith:75/);
  assert.throws(() => output(["nginx", "--services", "likes"]), /No rule is made for "likes"/);
  assert.throws(() => output(["nginx", "--weights", "posts=posts:1000"]), /weight 1000 of "posts"/);
});

test("a target group without an address is a mistake", () => {
  const table = { rules: [], defaultAction: forwardTo("monolith") };
  assert.throws(() => nginxConfiguration(table, { addresses: {} }), /No address is known for target group "monolith"/);
});
