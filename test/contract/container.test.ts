/** The contract against the forum in containers: the monolith's alone, and all of them behind nginx. */
import { after, before, describe } from "node:test";
import { execa } from "execa";
import { freePort } from "../../infra/local/postgres.ts";
import { newSecrets } from "../../infra/tasks/src/secrets.ts";
import { contractSuite, type Target } from "./suite.ts";

const root = new URL("../../", import.meta.url).pathname;

describe("containers", () => {
  // A project of its own: a forum that runs on this machine already is left alone.
  const project = `forum-contract-${process.pid}`;
  const files = ["docker-compose.yml", "test/contract/monolith.compose.yml"].flatMap((file) => ["--file", file]);
  const variables: Record<string, string> = {};
  const compose = (...args: string[]) =>
    execa("docker", ["compose", "--project-name", project, ...files, ...args], {
      cwd: root,
      env: variables,
      stdin: "ignore",
    });
  const target = (portVariable: string): Target => ({
    url: `http://127.0.0.1:${variables[portVariable]}`,
    moderator: { username: "moderator", password: variables["MODERATOR_PASSWORD"]! },
    tokenKeys: variables["TOKEN_KEYS"]!,
  });

  before(async () => {
    const { tokenKeys, peerSecret, moderatorPassword } = await newSecrets();
    Object.assign(variables, {
      ...{ TOKEN_KEYS: tokenKeys, PEER_SECRET: peerSecret, MODERATOR_PASSWORD: moderatorPassword },
      ...{ FORUM_PORT: String(await freePort()), MONOLITH_PORT: String(await freePort()) },
    });
    await compose("up", "--build", "--wait");
  });
  after(() => compose("down", "--volumes", "--timeout", "5"));

  contractSuite("the monolith's container", () => target("MONOLITH_PORT"));
  contractSuite("the containers behind nginx", () => target("FORUM_PORT"));
});
