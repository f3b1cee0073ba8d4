import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { forum, hostOf, serviceNamed } from "../../infra/forum.ts";
import { docker } from "./docker.ts";

interface ComposeService {
  environment?: Record<string, string>;
  networks?: { default?: { aliases?: string[] } };
  ports?: { target: number; host_ip?: string }[];
  read_only?: boolean;
  deploy?: { resources: { limits: { cpus: number; memory: string } } };
  stop_grace_period?: string;
}

/** What compose says twice (in the table and in its file) is compared here. */
describe("docker-compose.yml says what infra/forum.ts says", async () => {
  const text = await docker("compose", "config", "--format", "json");
  const { services } = JSON.parse(text) as { services: Record<string, ComposeService> };

  for (const service of forum.services) {
    it(`of ${service.name}: name, size, time to stop, peers`, () => {
      const composed = services[service.name];
      assert.ok(composed, `there is no service ${service.name}`);
      assert.deepEqual(composed.networks?.default?.aliases, [hostOf(service)]);
      assert.equal(Number(composed.deploy?.resources.limits.cpus), forum.task.cpu / 1024);
      assert.equal(Number(composed.deploy?.resources.limits.memory), forum.task.memory * 1024 * 1024);
      assert.equal(composed.stop_grace_period, `${forum.stopTimeout}s`);
      assert.equal(composed.read_only, true);

      const urls = Object.entries(composed.environment ?? {}).filter(([name]) => /^[A-Z]+_URL$/.test(name));
      const expected = service.calls.map((name) => [
        `${name.toUpperCase()}_URL`,
        `http://${hostOf(serviceNamed(name))}:${forum.port}`,
      ]);
      assert.deepEqual(Object.fromEntries(urls), Object.fromEntries(expected));
      assert.equal("TOKEN_KEYS_FILE" in (composed.environment ?? {}), service.signsTokens);
    });
  }

  it("publishes nothing but the balancer's port, on this machine alone", () => {
    const published = Object.entries(services).flatMap(([name, { ports = [] }]) =>
      ports.map(({ target, host_ip }) => ({ name, target, host_ip })),
    );
    assert.deepEqual(published, [{ name: "alb", target: 8080, host_ip: "127.0.0.1" }]);
  });
});
