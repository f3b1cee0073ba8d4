import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { execa } from "execa";
import * as fc from "fast-check";
import type { StartedNetwork } from "testcontainers";
import { createGateway } from "../../infra/balancer/gateway.ts";
import { forwardTo, listenerRules, type RuleTable } from "../../infra/balancer/rules.ts";
import { forum } from "../../infra/forum.ts";
import { assertAgreement } from "./agreement.ts";
import { behavesLikeAlb } from "./alb-behaviour.ts";
import * as containers from "./containers.ts";
import { echoOf, echoServer, listen } from "./echo-target.ts";
import { oddRequest } from "./odd-requests.ts";
import { oddTable } from "./odd-tables.ts";
import { rawRequest, send } from "./raw-client.ts";

const get = (port: number, url = "/") => send(port, rawRequest(`GET ${url} HTTP/1.1`, [["Host", "x"]]));

describe("nginx", () => {
  const stack = new AsyncDisposableStack();
  const gatewayTargets: Record<string, URL[]> = {};
  let image: string;
  let network: StartedNetwork;
  let nginx: containers.RunningNginx;

  const start = async (table?: RuleTable, options = {}, hasTargets = true) => {
    const running = await containers.startNginx(image, network, table, options, hasTargets);
    stack.use(running.container);
    return running;
  };

  before(async () => {
    await containers.requireDocker();
    [image, network] = await Promise.all([containers.buildBalancer(), containers.startNetwork()]);
    stack.use(network);
    for (const target of await containers.startEchoTargets(network)) stack.use(target);
    nginx = await start();
    for (const { name } of forum.services) gatewayTargets[name] = [stack.use(await listen(echoServer(name))).url];
  });
  after(() => stack.disposeAsync());

  describe("like an Application Load Balancer", () => {
    behavesLikeAlb(() => ({ port: nginx.port, listenerPort: containers.nginxPort }));
  });

  test("nginx, gateway and evaluator agree on odd requests, on the forum's rules and on arbitrary ones", async (t) => {
    const seed = Date.now();
    t.diagnostic(`seed ${seed}`);
    const tables = fc.sample(oddTable, { numRuns: 5, seed });
    const clientIp = await containers.clientIpAt(nginx.port);
    const pairs = await Promise.all(tables.map(async (table) => ({ table, port: (await start(table)).port })));
    for (const { table, port } of [{ table: listenerRules(forum), port: nginx.port }, ...pairs]) {
      await using gateway = await listen(createGateway({ rules: table, targets: gatewayTargets }).server);
      const subjects = [
        { port, clientIp, isNode: false },
        { port: gateway.port, clientIp: "127.0.0.1", isNode: true },
      ];
      const agree = fc.asyncProperty(oddRequest, async (odd) => {
        await Promise.all(subjects.map((subject) => assertAgreement(table, subject, odd)));
      });
      await fc.assert(agree, { numRuns: 400, seed });
    }
  });

  test("weights share the requests", async () => {
    const { port } = await start(listenerRules(forum, { weights: { posts: { posts: 25, monolith: 75 } } }));
    const targets = Array.from({ length: 1000 }, async () => echoOf((await get(port, "/api/posts")).body).target);
    const posts = (await Promise.all(targets)).filter((target) => target === "posts").length;
    // 250 expected; six standard deviations of sqrt(1000 × 0.25 × 0.75) on either side.
    assert(posts > 168 && posts < 332, `${posts} of 1000`);
  });

  test("a group without targets answers 503, a target that refuses 502, one that stays silent 504", async () => {
    const to = async (targetGroup: string, address: string, isThere = true) => {
      const table = { rules: [], defaultAction: forwardTo(targetGroup) };
      return (await start(table, { addresses: { [targetGroup]: address }, idleTimeout: 1 }, isThere)).port;
    };
    const statusAndLength = async (port: number, headers: [string, string][] = []) => {
      const { status, body } = await send(port, rawRequest("GET / HTTP/1.1", [["Host", "x"], ...headers]));
      return [status, body.length];
    };
    const [nobody, refusing, silent] = await Promise.all([
      to("nobody", "nobody.forum.local:3000", false),
      to("refusing", "users.forum.local:3001"),
      to("users", "users.forum.local:3000"),
    ]);
    assert.deepEqual(await statusAndLength(nobody), [503, 162]);
    assert.deepEqual(await statusAndLength(refusing), [502, 122]);
    assert.deepEqual((await statusAndLength(silent, [["X-Echo", "silent"]]))[0], 504);
  });

  test("the monolith's stage sends everything to the monolith", async () => {
    const { port } = await start(listenerRules(forum, { services: [] }));
    for (const url of ["/api/users", "/"]) assert.equal(echoOf((await get(port, url)).body).target, "monolith");
  });

  test("it runs unprivileged on a read-only file system, and its health check succeeds", async () => {
    const options = ["--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--detach"];
    const { stdout: id } = await execa("docker", ["run", ...options, image]);
    stack.defer(() => void execa("docker", ["rm", "--force", id]));
    const inspect = async (format: string) => (await execa("docker", ["inspect", `--format=${format}`, id])).stdout;
    assert.equal(await inspect("{{.Config.User}}"), "101:101");
    await until(async () => (await inspect("{{.State.Health.Status}}")) === "healthy");
  });
});

async function until(isReached: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await isReached())) if (Date.now() > deadline) throw new Error("not reached within 15 s");
}
