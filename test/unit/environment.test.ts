/** What a service is given, as infra/forum.ts says; and where an installation keeps its secrets. */
import assert from "node:assert/strict";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { forum } from "../../infra/forum.ts";
import { serviceEnvironment } from "../../infra/local/environment.ts";
import { kept, newSecrets } from "../../infra/tasks/src/secrets.ts";
import { accountConfig } from "../../services/chassis/src/auth/config.ts";
import { commonConfig, kinds, readConfig } from "../../services/chassis/src/config.ts";

const secrets = await newSecrets();
const around = {
  secrets,
  databaseUrl: (database: string) => `postgres://${database}@h/${database}`,
  serviceUrl: ({ name }: { name: string }) => `http://${name}`,
  trustedProxies: 1,
};

for (const service of forum.services) {
  test(`${service.name} gets what it needs, valid, and no secret beyond that`, () => {
    const environment = serviceEnvironment(service, around);
    const config = readConfig({ ...commonConfig, ...(service.signsTokens && accountConfig) }, environment);
    assert.equal(config.DATABASE_URL, `postgres://${service.database}@h/${service.database}`);
    for (const peer of service.calls) assert.equal(environment[`${peer.toUpperCase()}_URL`], `http://${peer}`);
    assert.equal("TOKEN_KEYS" in environment, service.signsTokens);
    assert.equal("MODERATOR_PASSWORD" in environment, service.signsTokens);
    assert.equal("PEER_SECRET" in environment, service.calls.length > 0);
    assert.ok(!JSON.stringify(environment).includes(secrets.databasePassword));
  });
}

test("new secrets are long enough for those who check them, and never the same", async () => {
  const other = await newSecrets();
  const each = Object.values(secrets);
  assert.equal(new Set([...each, ...Object.values(other)]).size, 2 * each.length);
  assert.ok(kinds.secret.safeParse(secrets.peerSecret).success);
  for (const secret of each) assert.ok(secret.length >= 32);
});

test("a secret is made once, and only its owner can read it", async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), "secrets-"));
  t.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, "deep", "secret");
  assert.equal(await kept(file, () => "first"), "first");
  assert.equal(await kept(file, () => "second"), "first");
  assert.equal((await stat(file)).mode & 0o077, 0);
});
