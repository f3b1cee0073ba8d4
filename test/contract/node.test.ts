/** The contract against the forum on plain Node: the monolith alone, and the services behind the gateway. */
import { after, before, describe } from "node:test";
import { startForums, type Forums } from "./forums.ts";
import { contractSuite } from "./suite.ts";

describe("plain Node", () => {
  let forums: Forums;
  before(async () => (forums = await startForums()));
  after(() => forums.stop());

  contractSuite("the monolith", () => forums.monolith);
  contractSuite("the services behind the gateway", () => forums.services);
});
