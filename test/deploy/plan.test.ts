import assert from "node:assert/strict";
import { test } from "node:test";
import { infraAlone } from "./command.ts";

test("plan --offline needs no network and no credentials, and says that there are changes", async () => {
  const { stdout, stderr, exitCode } = await infraAlone("plan", "--offline");
  assert.equal(exitCode, 2, stderr);
  assert.equal(stderr, "");
  assert.match(stdout, /^create +ECS service +users +1$/m);
  assert.match(stdout, /118 to create, with 148 calls that change something/);
  assert.match(stdout, /^together +\d+\.\d\d$/m);
});

test("plan --calls shows the calls with their inputs, and no secret", async () => {
  const { stdout } = await infraAlone("plan", "--offline", "--calls", "--stage", "monolith");
  assert.match(stdout, /ec2:CreateVpc \{\s+CidrBlock: '10\.42\.0\.0\/16'/);
  assert.match(stdout, /wait until the load balancer forum-dev is active, at most 600 s/);
  assert.match(stdout, /:\$\{generated\/password\.Value\}@\$\{db-cluster\/main\.Endpoint\}/);
  assert.ok(stdout.indexOf("ec2:CreateVpc") < stdout.indexOf("ecs:CreateService"));
});

test("plan --json is JSON with every step", async () => {
  const { stdout } = await infraAlone("plan", "--offline", "--json");
  const { changes, monthly } = JSON.parse(stdout) as {
    changes: { id: string; steps: { operation?: string }[] }[];
    monthly: number;
  };
  assert.ok(monthly > 100);
  const vpc = changes.find(({ id }) => id === "vpc/main");
  assert.deepEqual(
    vpc?.steps.map(({ operation }) => operation),
    ["CreateVpc", "ModifyVpcAttribute"],
  );
});

test("mistakes end with exit code 1 and are told on stderr only", async () => {
  const { stdout, stderr, exitCode } = await infraAlone(
    "plan",
    "--offline",
    "--env",
    "Very_long_name_of_an_environment",
  );
  assert.equal(exitCode, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /AWS would refuse this; nothing was changed:\n {2}load-balancer\/main/);
});

test("help tells the options and exit codes", async () => {
  const { stdout } = await infraAlone("plan", "--help");
  for (const part of ["--offline", "--calls", "--env", "--region", "--stage", "--json", "Exit codes"]) {
    assert.ok(stdout.includes(part), part);
  }
});
