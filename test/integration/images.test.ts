import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { execa } from "execa";
import { forum, serviceNamed } from "../../infra/forum.ts";
import { buildImage, compressedSize, docker, filesOf, layerSizes } from "./docker.ts";

const MAX_SIZE = 60_000_000;
const MAX_APP_SIZE = 5_000_000;

for (const service of forum.services) {
  describe(`the image of ${service.name}`, async () => {
    const image = await buildImage(service);

    it("runs as nobody in particular, with the bundle as its program", async () => {
      const config = JSON.parse(await docker("image", "inspect", "--format", "{{json .Config}}", image)) as {
        User: string;
        Entrypoint: string[];
        ExposedPorts: object;
      };
      assert.equal(config.User, "65532:65532");
      assert.deepEqual(config.Entrypoint, ["node", "dist/main.js"]);
      assert.deepEqual(Object.keys(config.ExposedPorts).toSorted(), [`${forum.port}/tcp`, `${forum.metricsPort}/tcp`]);
    });

    it("has no program but Node", async () => {
      const files = await filesOf(image);
      const programs = files.filter((file) => /(^|\/)s?bin\/[^/]/.test(file));
      assert.deepEqual(programs, ["usr/local/bin/node"]);
    });

    it("has little beyond what all images share", async () => {
      const [app = Infinity] = await layerSizes(image);
      assert.ok(app < MAX_APP_SIZE, `${app} bytes in /app`);
    });

    it("finds V8's compiled code of its program", async () => {
      const debug = ["--env", "NODE_DEBUG_NATIVE=COMPILE_CACHE"];
      const { all } = await execa("docker", ["run", "--rm", "--read-only", ...debug, image, "help"], { all: true });
      assert.match(all, /main\.js was accepted/);
      assert.doesNotMatch(all, /rejected|Cannot/);
    });

    it("names everything that is missing in its environment, without a stack, and exits with 2", async () => {
      const { exitCode, stderr } = await execa("docker", ["run", "--rm", "--read-only", image], { reject: false });
      assert.equal(exitCode, 2);
      assert.match(stderr, /DATABASE_URL: is not set/);
      // Without the monolith, or before there are services, there is only nowhere to move.
      const needed = service.calls.filter((name) => ![name, service.name].includes(forum.defaultService));
      for (const name of needed) assert.match(stderr, new RegExp(`${name.toUpperCase()}_URL: is not set`));
      assert.equal(/TOKEN_KEYS/.test(stderr), service.signsTokens);
      assert.doesNotMatch(stderr, /\n +at /);
    });
  });
}

it("an image is small as a registry stores it", async (t) => {
  const size = await compressedSize(await buildImage(serviceNamed("users")));
  t.diagnostic(`users: ${(size / 1e6).toFixed(1)} MB compressed`);
  assert.ok(size < MAX_SIZE, `${size} bytes`);
});
