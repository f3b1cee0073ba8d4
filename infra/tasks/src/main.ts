/** One-off tasks around the forum, in one image: in compose they run before and after the services, on AWS as needed. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { forum } from "../../forum.ts";
import { databaseUrls, shapes } from "../../import/src/addresses.ts";
import { loadSample } from "../../import/src/sample.ts";
import { writeContainerSecrets } from "./container-secrets.ts";
import { databaseAccounts } from "./database-accounts.ts";
import { ensureDatabases } from "./databases.ts";

const HELP = `Usage: COMMAND

  secrets ROOT DATABASE_HOST   write each container's secrets into ROOT/CONTAINER/, keeping those that exist
  databases ROOT               make a database and a role for each service, with the passwords that are in ROOT
  databases                    the same on ECS: out of DATABASE_ADMIN and USERS_DATABASE_URL, …
  sample                       load the sample data into every database, where it is not there yet
  cutover STEP MODULE          a step of a cutover, told in lines of JSON: npm run cutover starts such tasks
  import …                     load a data dump; see import --help`;

const [command, ...args] = process.argv.slice(2);

if (command === "secrets" && args.length === 2) {
  await writeContainerSecrets(args[0]!, args[1]!);
  console.log("secrets are written");
} else if (command === "databases" && args.length === 1) {
  await makeDatabases(args[0]!);
  console.log("databases and roles are there");
} else if (command === "databases" && args.length === 0) {
  const { adminUrl, accounts } = databaseAccounts();
  await ensureDatabases(adminUrl, accounts);
  console.log(`databases and roles are there: ${accounts.map(({ name }) => name).join(", ")}`);
} else if (command === "sample" && args.length === 0) {
  for (const shape of shapes) console.log(`${shape}: ${await loadSample(await databaseUrls(shape))} posts added`);
} else if (command === "cutover") {
  const { cutover } = await import("./cutover.ts");
  await cutover(args);
} else if (command === "import") {
  process.argv.splice(2, 1);
  await import("../../import/src/main.ts");
} else if (command === "help") {
  console.log(HELP);
} else {
  console.error(HELP);
  process.exitCode = 2;
}

async function makeDatabases(root: string): Promise<void> {
  const accounts = await Promise.all(
    forum.services.map(async ({ name, database }) => {
      const url = new URL(await readFile(path.join(root, name, "database-url"), "utf8"));
      return { name: database, password: decodeURIComponent(url.password), host: url.host };
    }),
  );
  const password = await readFile(path.join(root, "postgres", "password"), "utf8");
  const host = accounts[0]!.host;
  await ensureDatabases(`postgres://postgres:${encodeURIComponent(password)}@${host}/postgres`, accounts);
}
