import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { execa } from "execa";
import * as fc from "fast-check";
import { createGateway } from "../../infra/balancer/gateway.ts";
import { output } from "../../infra/balancer/main.ts";
import { parseWeights } from "../../infra/balancer/nginx-weights.ts";
import { forwardTo, listenerRules } from "../../infra/balancer/rules.ts";
import { forum } from "../../infra/forum.ts";
import { eventually } from "../support/eventually.ts";
import { listen } from "../support/loopback.ts";
import { assertAgreement } from "./agreement.ts";
import { behavesLikeAlb } from "./alb-behaviour.ts";
import { clientIpAt, nginxPort, startEchoNetwork, type EchoNetwork } from "./containers.ts";
import { echoOf } from "./echo-target.ts";
import { localTargets } from "./local-targets.ts";
import { oddRequest } from "./odd-requests.ts";
import { everyConditionTable, oddTable } from "./odd-tables.ts";
import { get } from "./raw-client.ts";

describe("nginx", () => {
  const stack = new AsyncDisposableStack();
  let network: EchoNetwork;
  let port: number;
  before(async () => {
    network = stack.use(await startEchoNetwork());
    port = await network.startNginx();
  });
  after(() => stack.disposeAsync());

  describe("like an Application Load Balancer", () => {
    behavesLikeAlb(() => ({ port, listenerPort: nginxPort }));
  });

  test("nginx, gateway and evaluator agree on odd requests, on the forum's rules and on arbitrary ones", async (t) => {
    // The same requests at every run, so that a failure is one of the change at hand; SEED=… looks for others.
    const seed = Number(process.env["SEED"] ?? 1);
    t.diagnostic(`seed ${seed}`);
    const [clientIp, targets] = await Promise.all([clientIpAt(port), localTargets(stack)]);
    const tables = [everyConditionTable, ...fc.sample(oddTable, { numRuns: 3, seed })];
    const running = await Promise.all(
      tables.map(async (table) => [table, await network.startNginx({ table })] as const),
    );
    for (const [rules, onNginx] of [[listenerRules(forum), port] as const, ...running]) {
      await using gateway = await listen(createGateway({ rules, targets }).server);
      const subjects = [
        { port: onNginx, listenerPort: nginxPort, clientIp, isNode: false },
        { port: gateway.port, listenerPort: gateway.port, clientIp: "127.0.0.1", isNode: true },
      ];
      const agree = fc.asyncProperty(fc.constant(rules), oddRequest, async (table, odd) => {
        await Promise.all(subjects.map((subject) => assertAgreement(table, subject, odd)));
      });
      await fc.assert(agree, { numRuns: 300, seed });
    }
  });

  test("weights share the requests", async () => {
    const table = listenerRules(forum, { weights: { posts: { posts: 25, monolith: 75 } } });
    const shared = await network.startNginx({ table });
    const targets = Array.from({ length: 1000 }, async () => echoOf((await get(shared, "/api/posts")).body).target);
    const posts = (await Promise.all(targets)).filter((target) => target === "posts").length;
    // 250 expected; six standard deviations of sqrt(1000 × 0.25 × 0.75) on either side.
    assert(posts > 168 && posts < 332, `${posts} of 1000`);
  });

  test("weights can be set and read while it runs, under load and without a failed request", async () => {
    const running = await network.startNginx();
    const statuses: number[] = [];
    const targets: string[] = [];
    let stopped = false;
    const client = async () => {
      while (!stopped) {
        const { status, body } = await get(running, "/api/posts");
        statuses.push(status);
        targets.push(echoOf(body).target);
      }
    };
    const clients = Array.from({ length: 8 }, client);
    assert.deepEqual(parseWeights(await network.weights(running)), {
      100: { users: 1 },
      200: { threads: 1 },
      300: { posts: 1 },
    });
    for (const [posts, monolith] of [
      [25, 75],
      [0, 100],
      [100, 0],
    ] as const) {
      const blocks = output(["weights", "--weights", `posts=posts:${posts},monolith:${monolith}`]);
      await network.weights(running, ["set", "300"], blocks);
      assert.deepEqual(parseWeights(await network.weights(running))["300"], { posts, monolith });
      targets.length = 0;
      await eventually(() => assert(targets.length > 1000), 30_000);
      const share = targets.filter((target) => target === "posts").length / targets.length;
      assert(Math.abs(share - posts / 100) < 0.08, `${share} of the requests for ${posts} %`);
    }
    stopped = true;
    await Promise.all(clients);
    assert.deepEqual([...new Set(statuses)], [200]);
  });

  test("weights that nginx does not understand are refused, and those before stay", async () => {
    const running = await network.startNginx();
    const otherRule = output(["weights", "--weights", "users=users:1,monolith:1"]);
    const broken = output(["weights", "--weights", "posts=posts:1,monolith:1"]).replace("*", "*%");
    for (const wrong of ["", otherRule, broken]) {
      await assert.rejects(network.weights(running, ["set", "300"], wrong));
      assert.equal(await network.weights(running), "100=users:1\n200=threads:1\n300=posts:1");
    }
  });

  test("a group without targets answers 503, a target that refuses 502, one that stays silent 504", async () => {
    const startFor = (address: string, hasTargets = true) =>
      network.startNginx({
        table: { rules: [], defaultAction: forwardTo("group") },
        addresses: { group: address },
        idleTimeout: 1,
        hasTargets,
      });
    const [nobody, refusing, silent] = await Promise.all([
      startFor("nobody.forum.local:3000", false),
      startFor("users.forum.local:3001"),
      startFor("users.forum.local:3000"),
    ]);
    const answers = [await get(nobody), await get(refusing), await get(silent, "/", [["X-Echo", "silent"]])];
    assert.deepEqual(
      answers.map(({ status, body }) => [status, body.length]),
      [
        [503, 162],
        [502, 122],
        [504, 132],
      ],
    );
  });

  test("the monolith's stage sends everything to the monolith", async () => {
    const monolith = await network.startNginx({ table: listenerRules(forum, { services: [] }) });
    for (const url of ["/api/users", "/"]) assert.equal(echoOf((await get(monolith, url)).body).target, "monolith");
  });

  test("it runs unprivileged on a read-only file system, and its health check succeeds", async () => {
    const options = ["--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--detach"];
    const { stdout: id } = await execa("docker", ["run", ...options, network.image]);
    stack.defer(async () => void (await execa("docker", ["rm", "--force", id])));
    const inspect = async (format: string) => (await execa("docker", ["inspect", `--format=${format}`, id])).stdout;
    assert.equal(await inspect("{{.Config.User}}"), "101:101");
    const deadline = Date.now() + 15_000;
    while ((await inspect("{{.State.Health.Status}}")) !== "healthy") {
      assert(Date.now() < deadline, "not healthy within 15 s");
    }
  });
});
