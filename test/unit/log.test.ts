/** Lines are written some at a time: none may be lost, however the process ends. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { test } from "node:test";

const LINES = 5000;
const module = new URL("../../services/chassis/src/log.ts", import.meta.url).href;

for (const [how, end] of [
  ["returning", ""],
  ["process.exit in the middle", "process.exit(3);"],
  ["a fatal line and process.exit", 'log.fatal("the end"); process.exit(1);'],
] as const) {
  test(`no line is lost or written twice when a process ends by ${how}`, async () => {
    const program = `import { createLog } from "${module}";
      const log = createLog("test", "info");
      for (let n = 0; n < ${LINES}; n++) {
        log.info({ n }, "a line");
        if (n % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      ${end}`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    const lines = (await text(child.stdout)).trimEnd().split("\n");
    await ended;
    const numbers = lines.map((line) => (JSON.parse(line) as { n?: number }).n).filter((n) => n !== undefined);
    assert.deepEqual(
      numbers,
      Array.from({ length: LINES }, (_, n) => n),
    );
    assert.equal(
      lines.some((line) => line.includes("the end")),
      end.includes("fatal"),
    );
  });
}

test("a reader that goes away stops nobody: what it does not read is dropped", async () => {
  const program = `import { createLog } from "${module}";
    const log = createLog("test", "info");
    setInterval(() => log.info("x".repeat(5000)), 1);
    setTimeout(() => process.exit(3), 500);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  child.stdout.destroy();
  const [code] = (await once(child, "exit")) as [number];
  assert.equal(code, 3);
});
