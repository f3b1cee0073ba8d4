/** `npm test`: makes the machine ready for containers (moto stands in for AWS), then runs every test, one file after another. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { containerEnvironment, setup } from "../infra/local/setup/setup.ts";
import { UserError } from "../infra/terminal/user-error.ts";

try {
  await setup({ images: ["moto", "registry"] });
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(`\nThe tests need Docker.\n${error.message}\nWithout Docker: npm run test:unit`);
  process.exit(1);
}

const files = process.argv.slice(2);
// One at a time: tests of faults measure times, and this may be a small machine.
const args = [
  "--test",
  "--test-concurrency=1",
  "--test-reporter=spec",
  ...(files.length > 0 ? files : ["test/**/*.test.ts"]),
];
const tests = spawn(process.execPath, args, {
  stdio: "inherit",
  env: { ...process.env, ...(await containerEnvironment()) },
});
const [code] = (await once(tests, "exit")) as [number | null];
process.exitCode = code ?? 1;
