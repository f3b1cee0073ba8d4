/**
 * The proof that what a deploy leaves on AWS really starts and really is the forum. Images are built and pushed to a
 * registry, everything is deployed to moto, and then only what moto has stored is used: its task definitions become
 * containers, its rules become nginx, its secrets become their environment, its names become DNS names.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import * as fc from "fast-check";
import { evaluate } from "../../infra/balancer/evaluate.ts";
import { nginxConfiguration } from "../../infra/balancer/nginx.ts";
import type { RuleTable } from "../../infra/balancer/rules.ts";
import { reader, type Ask } from "../../infra/deploy/ask.ts";
import { blueprint, nameOf } from "../../infra/deploy/desired/blueprint.ts";
import { ruleTable } from "../../infra/deploy/desired/balancer.ts";
import { environmentOf } from "../../infra/deploy/environment.ts";
import { mapTexts } from "../../infra/deploy/reference.ts";
import { forum } from "../../infra/forum.ts";
import { modelOf, oddRequest } from "../balancer/odd-requests.ts";
import { contractSuite, type Target } from "../contract/suite.ts";
import { docker } from "../integration/docker.ts";
import { composeProjectOf, type ComposeProject } from "../support/compose.ts";
import { startAwsProxy, type AwsProxy } from "./aws-proxy.ts";
import { deploy, session, startMoto } from "./moto.ts";
import { startRegistry, type Registry } from "./registry.ts";
import { administratorSql, databaseContainer, serviceContainer, taskContainer } from "./stored/compose.ts";
import { readRules } from "./stored/rules.ts";
import { readSecrets, readServices, readTasks, type StoredService } from "./stored/tasks.ts";

// Every service answers for its own module: nothing is to be moved here.
const environment = environmentOf({ firstOwner: "service" });
const plan = blueprint(forum, environment);
/** Name of the load balancer, the cluster and the database. */
const name = nameOf(plan);
const NGINX_PORT = 8080;

describe("what a deploy leaves on AWS", () => {
  let moto: Awaited<ReturnType<typeof startMoto>>;
  let registry: Registry;
  let proxy: AwsProxy;
  let ask: Ask;
  let rules: RuleTable;

  before(async () => {
    [moto, registry] = await Promise.all([startMoto(), startRegistry()]);
    proxy = await startAwsProxy(moto.url, registry.asEcr(moto.url));
    process.env["AWS_ENDPOINT_URL"] = proxy.url;
    const { failed } = await deploy(session(), environment);
    assert.deepEqual(
      failed.map(({ change, error }) => `${change.id}: ${error.message}`),
      [],
    );
    ask = reader(session().send);
    rules = await readRules(ask, name);
  });
  after(async () => {
    await proxy.stop();
    await Promise.all([moto.stop(), registry.stop()]);
  });

  it("has rules that answer a thousand random requests as the table does", () => {
    const table = ruleTable(plan);
    fc.assert(
      fc.property(oddRequest, (odd) => {
        const request = modelOf(odd, "192.0.2.7");
        const answer = mapTexts(evaluate(rules, request), (text) => text.replace(`${name}-`, ""));
        assert.deepEqual(answer, evaluate(table, request));
      }),
      { numRuns: 1000, seed: Number(process.env["SEED"] ?? 1) },
    );
  });

  describe("run with Docker", () => {
    let folder: string;
    let project: ComposeProject;
    let services: StoredService[];
    let target: Target;

    before(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), "stored-"));
      const tasks = await readTasks(ask, name);
      services = await readServices(ask, name);
      const secrets = await readSecrets(
        ask,
        [...tasks, ...services].map(({ definition }) => definition),
      );
      const [described] = await ask("rds", "DescribeDBClusters", { DBClusterIdentifier: name });
      const { Endpoint: host = "", MasterUserSecret } = described!.DBClusters![0]!;
      const write = (file: string, text: string) => writeFile(path.join(folder, file), text, { mode: 0o644 });

      await write("administrator.sql", administratorSql(secrets.get(MasterUserSecret!.SecretArn!)!));
      // Tasks register themselves as targets; here nginx finds them under their DNS name.
      const addresses = services.map((one) => [one.targetGroup.name, `${one.dnsName}:${one.targetGroup.port}`]);
      await write(
        "nginx.conf",
        nginxConfiguration(rules, { addresses: Object.fromEntries(addresses), port: NGINX_PORT }),
      );
      const balancer = {
        image: await docker("build", "--quiet", "--file", "infra/balancer/Dockerfile", "."),
        volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro"],
        ports: [`127.0.0.1::${NGINX_PORT}`],
      };
      const steps = tasks.map((task, index) => [`task-${index}`, taskContainer(task, secrets)] as const);
      const running = services.map((one) => [one.name, serviceContainer(one, secrets)] as const);
      const file = {
        services: { database: databaseContainer(host), balancer, ...Object.fromEntries([...steps, ...running]) },
      };
      // Compose replaces variables, and values of secrets may look like some.
      await write("compose.json", JSON.stringify(mapTexts(file, (text) => text.replaceAll("$", "$$$$"))));

      project = composeProjectOf("stored", [path.join(folder, "compose.json")]);
      await project.run("up", "--wait", "database");
      for (const [step] of steps) await project.run("run", "--rm", step);
      await project.run("up", "--wait");
      const secretNamed = (variable: string) => {
        const all = services.flatMap(({ definition }) => definition.containerDefinitions?.[0]?.secrets ?? []);
        return secrets.get(all.find((one) => one.name === variable)!.valueFrom!)!;
      };
      target = {
        url: `http://${await project.run("port", "balancer", String(NGINX_PORT))}`,
        moderator: { username: "moderator", password: secretNamed("MODERATOR_PASSWORD") },
        tokenKeys: secretNamed("TOKEN_KEYS"),
      };
    });
    after(async () => {
      await project.remove();
      await rm(folder, { recursive: true });
    });

    it("has as many tasks of each service as it should, from images of the registry by digest", async () => {
      assert.deepEqual(
        services.map((one) => one.name).toSorted(),
        forum.services.map((one) => nameOf(plan, one.name)).toSorted(),
      );
      for (const { name: service, definition, desiredCount } of services) {
        const ids = (await project.run("ps", "--quiet", service)).split("\n");
        assert.equal(ids.length, desiredCount);
        assert.match(
          definition.containerDefinitions![0]!.image!,
          new RegExp(`^${registry.address}/${service}@sha256:[0-9a-f]{64}$`),
        );
      }
    });

    it("can serve, as the load balancer asks it", async () => {
      for (const { name: service, desiredCount, targetGroup } of services) {
        for (let task = 1; task <= desiredCount; task += 1) {
          const { port, healthPath } = targetGroup;
          const status = `fetch("http://127.0.0.1:${port}${healthPath}").then(({ status }) => console.log(status))`;
          const answer = await project.run("exec", "-T", "--index", String(task), service, "node", "-e", status);
          assert.equal(answer, "200", `${service} ${task}`);
        }
      }
    });

    contractSuite("the containers that are stored on AWS", () => target);
  });
});
