/** `npm test`: makes the machine ready for containers (moto stands in for AWS), then runs every test. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { containerEnvironment, setup } from "../infra/local/setup/setup.ts";
import { UserError } from "../infra/terminal/user-error.ts";

try {
  await setup({ images: ["moto", "registry"] });
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(`\nThe tests need Docker.\n${error.message}\nWithout Docker: npm run test:unit`);
  process.exit(1);
}

/** Folders whose tests neither measure times nor put load on anything, so that two files may run at a time. */
const SIDE_BY_SIDE = /^test.(unit|balancer|deploy|import)\b/;

const asked = process.argv.slice(2);
const all = globSync("test/**/*.test.ts").sort();
const sideBySide = all.filter((file) => SIDE_BY_SIDE.test(file));
const alone = all.filter((file) => !SIDE_BY_SIDE.test(file));
const passed = asked.length > 0 ? await run(asked, 1) : (await run(sideBySide, 2)) && (await run(alone, 1));
process.exitCode = passed ? 0 : 1;

/** Runs files of tests, so many at a time; ends with the runner's summary. */
async function run(files: string[], atATime: number): Promise<boolean> {
  const args = ["--test", `--test-concurrency=${atATime}`, "--test-reporter=spec", ...files];
  const tests = spawn(process.execPath, args, {
    stdio: "inherit",
    env: { ...process.env, ...(await containerEnvironment()) },
  });
  const [code] = (await once(tests, "exit")) as [number | null];
  return code === 0;
}
