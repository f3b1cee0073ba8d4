import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import type { SimulatePrincipalPolicyRequest } from "@aws-sdk/client-iam";
import { reader, type Send } from "../../infra/deploy/ask.ts";
import { blueprint } from "../../infra/deploy/desired/blueprint.ts";
import { compare } from "../../infra/deploy/plan/compare.ts";
import { callsInSource } from "../../infra/deploy/policy/calls.ts";
import { whereOf } from "../../infra/deploy/policy/grant.ts";
import { statementsFor } from "../../infra/deploy/policy/statements.ts";
import { imageProblems } from "../../infra/deploy/preflight/images.ts";
import { onlineProblems } from "../../infra/deploy/preflight/online.ts";
import { assertPermitted, missingPermissions } from "../../infra/deploy/preflight/permissions.ts";
import { forum } from "../../infra/forum.ts";
import { simulate } from "./policy-evaluation.ts";
import { environment, wanted } from "./support.ts";

const ACCOUNT = "111122223333";
const named = (name: string) => Object.assign(new Error(name), { name });

/** AWS that answers some operations; an error is thrown. Lists are empty. */
const answering =
  (answers: Record<string, unknown>): Send =>
  async (_, operation) => {
    const answer = answers[operation] ?? {};
    if (answer instanceof Error) throw answer;
    return answer;
  };

describe("given images", () => {
  const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
  const problems = (answers: Record<string, unknown>, changed: object = {}) =>
    imageProblems(reader(answering(answers)), environment({ images: { users: digest }, ...changed }));
  const image = (manifest: object) => ({ BatchGetImage: { images: [{ imageManifest: JSON.stringify(manifest) }] } });
  const list = (...architectures: string[]) =>
    image({
      manifests: [
        ...architectures.map((architecture) => ({ platform: { os: "linux", architecture } })),
        { platform: { os: "unknown", architecture: "unknown" } },
      ],
    });

  test("that are not there are told", async () => {
    assert.match(
      (await problems({ BatchGetImage: named("RepositoryNotFoundException") }))[0]!,
      /forum-dev-users does not exist/,
    );
    assert.match((await problems({ BatchGetImage: { images: [] } }))[0]!, /forum-dev-users has no image sha256:0123/);
  });

  test("for several architectures must have that of the tasks", async () => {
    assert.deepEqual(await problems(list("amd64", "arm64")), []);
    assert.match((await problems(list("arm64")))[0]!, /made for arm64; tasks would run on amd64/);
    assert.deepEqual(await problems(list("arm64"), { architecture: "ARM64" }), []);
  });

  test("for one are asked for their configuration; one that says nothing passes", async (t) => {
    const server = createServer((_, response) => response.end('{"architecture":"arm64","os":"linux"}')).listen(
      0,
      "127.0.0.1",
    );
    t.after(() => server.close());
    await once(server, "listening");
    const downloadUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const single = image({ config: { digest: "sha256:c" }, layers: [] });
    const answers = { ...single, GetDownloadUrlForLayer: { downloadUrl } };
    assert.match((await problems(answers))[0]!, /made for arm64; tasks would run on amd64/);
    assert.deepEqual(await problems(answers, { architecture: "ARM64" }), []);
    assert.deepEqual(await problems({ ...single, GetDownloadUrlForLayer: { downloadUrl: "http://127.0.0.1:1/" } }), []);
    assert.deepEqual(await problems(image({ schemaVersion: 1 })), []);
  });

  test("of services of a later stage do not matter", async () => {
    assert.deepEqual(await problems({ BatchGetImage: { images: [] } }, { stage: "monolith" }), []);
  });
});

describe("what only AWS knows", () => {
  const problems = (answers: Record<string, unknown>, changed: object = {}) => {
    const identity = { GetCallerIdentity: { Account: ACCOUNT } };
    return onlineProblems(reader(answering({ ...identity, ...answers })), environment(changed), wanted(changed), []);
  };

  test("all of it at once: account, certificate, subnets, secrets, images", async () => {
    const network = {
      vpc: "vpc-1",
      publicSubnets: ["subnet-1", "subnet-2"],
      databaseSubnets: ["subnet-1", "subnet-3"],
    };
    const zone = (SubnetId: string) => ({ SubnetId, AvailabilityZone: "us-east-1a" });
    const changed = { account: "444455556666", certificate: "arn:aws:acm:us-east-1:1:certificate/1", network };
    const found = await problems(
      {
        DescribeCertificate: named("ResourceNotFoundException"),
        DescribeSubnets: { Subnets: [zone("subnet-1"), zone("subnet-2")] },
        ListSecrets: {
          SecretList: [{ Name: "forum-dev-peer-secret", DeletedDate: new Date(Date.now() - 86_400_000) }],
        },
        BatchGetImage: { images: [] },
      },
      { ...changed, images: { users: `sha256:${"0".repeat(64)}` } },
    );
    for (const part of [
      `account ${ACCOUNT}, the environment to 444455556666`,
      "certificate/1 does not exist",
      "subnet-3 is not in vpc-1",
      "network.publicSubnets: all subnets are in one zone",
      "the secret forum-dev-peer-secret is going to be deleted",
      "forum-dev-users has no image",
    ]) {
      assert.ok(
        found.some((problem) => problem.includes(part)),
        part,
      );
    }
  });

  test("a certificate that is not issued yet; a secret that has just gone, or is another's, is no problem", async () => {
    const certificate = "arn:aws:acm:us-east-1:1:certificate/1";
    const pending = { DescribeCertificate: { Certificate: { Status: "PENDING_VALIDATION" } } };
    assert.match((await problems(pending, { certificate }))[0]!, /the certificate is PENDING_VALIDATION/);
    const SecretList = [
      { Name: "forum-dev-peer-secret", DeletedDate: new Date() },
      { Name: "forum-dev-2-peer-secret", DeletedDate: new Date(0) },
    ];
    assert.deepEqual(await problems({ ListSecrets: { SecretList } }), []);
  });
});

describe("permissions", async () => {
  const user = `arn:aws:iam::${ACCOUNT}:user/operator`;
  const { changes } = compare(wanted(), new Map());
  const all = statementsFor(await callsInSource(), whereOf(blueprint(forum, environment()), ACCOUNT));
  const asked: SimulatePrincipalPolicyRequest[] = [];

  const look = async (without: string[], Arn = user, more: Record<string, unknown> = {}, planned = changes) => {
    asked.length = 0;
    const allowed = all.filter(({ Sid }) => !without.includes(Sid));
    const others = answering({ GetCallerIdentity: { Arn, Account: ACCOUNT }, ...more });
    const send: Send = async (service, operation, input) => {
      if (operation !== "SimulatePrincipalPolicy" || more[operation]) return others(service, operation, input);
      asked.push(input as SimulatePrincipalPolicyRequest);
      return simulate(allowed, input as SimulatePrincipalPolicyRequest);
    };
    return missingPermissions(reader(send), environment(), planned);
  };

  test("nothing is missing to who has the policy that is printed", async () => {
    assert.deepEqual(await look([]), { missing: [] });
    assert.ok(asked.every(({ PolicySourceArn }) => PolicySourceArn === user));
  });

  test("exactly the actions that are missing are told, of those that are planned", async () => {
    assert.deepEqual((await look(["RolesPassToTasks", "Database"])).missing, [
      ...["iam:PassRole", "rds:AddTagsToResource", "rds:CreateDBCluster", "rds:CreateDBClusterParameterGroup"],
      ...["rds:CreateDBInstance", "rds:CreateDBSubnetGroup", "rds:ModifyDBClusterParameterGroup"],
    ]);
    assert.deepEqual((await look(["Database"], user, {}, [])).missing, []);
    assert.deepEqual(asked, []);
  });

  test("nothing is begun while something is missing", async () => {
    const send: Send = async (_, operation, input) =>
      operation === "SimulatePrincipalPolicy"
        ? simulate([], input as SimulatePrincipalPolicyRequest)
        : { Arn: user, Account: ACCOUNT };
    await assert.rejects(assertPermitted(reader(send), environment(), changes.slice(0, 1)), (error: Error) => {
      assert.match(error.message, /nothing was changed:\n {2}the credentials lack ec2:CreateTags, ec2:CreateVpc/);
      return error.name === "UserError";
    });
  });

  test("a session of a role is its role, with its path", async () => {
    const role = `arn:aws:iam::${ACCOUNT}:role/people/operator`;
    await look([], `arn:aws:sts::${ACCOUNT}:assumed-role/operator/ada`, { GetRole: { Role: { Arn: role } } });
    assert.ok(asked.length > 0 && asked.every(({ PolicySourceArn }) => PolicySourceArn === role));
  });

  test("who may not simulate is told so, and goes on", async () => {
    const refused = { SimulatePrincipalPolicy: named("AccessDenied") };
    assert.deepEqual(await look([], user, refused), { missing: [], unknown: "AccessDenied" });
    assert.deepEqual(await look([], `arn:aws:sts::${ACCOUNT}:federated-user/ada`), {
      missing: [],
      unknown: "IAM does not simulate federated users",
    });
    assert.deepEqual(await look(["Database"], `arn:aws:iam::${ACCOUNT}:root`), { missing: [] });
  });
});
