/** The contract against the forum in containers: the monolith's alone, and all of them behind nginx. */
import { after, before, describe } from "node:test";
import { freePort } from "../../infra/local/postgres.ts";
import { newSecrets, type Secrets } from "../../infra/tasks/src/secrets.ts";
import { composeProject, type ComposeProject } from "../support/compose.ts";
import { contractSuite, type Target } from "./suite.ts";

describe("containers", () => {
  let secrets: Secrets;
  let ports: { forum: number; monolith: number };
  let project: ComposeProject;
  const target = (port: number): Target => ({
    url: `http://127.0.0.1:${port}`,
    moderator: { username: "moderator", password: secrets.moderatorPassword },
    tokenKeys: secrets.tokenKeys,
  });

  before(async () => {
    secrets = await newSecrets();
    ports = { forum: await freePort(), monolith: await freePort() };
    const variables = {
      TOKEN_KEYS: secrets.tokenKeys,
      PEER_SECRET: secrets.peerSecret,
      MODERATOR_PASSWORD: secrets.moderatorPassword,
      FORUM_PORT: String(ports.forum),
      MONOLITH_PORT: String(ports.monolith),
    };
    project = composeProject("forum-contract", variables, "test/contract/monolith.compose.yml");
    await project.run("up", "--build", "--wait");
  });
  after(() => project.remove());

  contractSuite("the monolith's container", () => target(ports.monolith));
  contractSuite("the containers behind nginx", () => target(ports.forum));
});
