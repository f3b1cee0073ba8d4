import path from "node:path";
import { Command, Option } from "commander";
import { ConfigError } from "../../../services/chassis/src/config.ts";
import { isDatabaseAway } from "../../../services/chassis/src/database.ts";
import { INTERRUPTED } from "../../terminal/exit.ts";
import { UserError } from "../../terminal/user-error.ts";
import { databaseUrls, shapes, type Shape } from "./addresses.ts";
import { importDump, sampleFolder, type Summary } from "./import.ts";
import { progressView } from "./progress.ts";
import { formatSummary } from "./summary.ts";

interface Options {
  into: Shape;
  sample?: true;
  source?: string;
  json?: true;
}

/** SQLSTATEs of a database that is not there and of a role that may not do this. */
const MISTAKEN_ADDRESS = new Set(["3D000", "42501"]);

const AGAIN = "What was stored stays; the same command goes on where this one ended.";

const command = new Command("import")
  .description("Loads a Stack Exchange data dump into the forum.")
  .argument("[dir]", "folder with Users.xml, Posts.xml and Comments.xml")
  .option("--sample", "load the small dump that comes with the forum")
  .addOption(new Option("--into <shape>", "whose databases").choices(shapes).default("monolith"))
  .option("--source <name>", "name of the dump (default: the folder's name)")
  .option("--json", "print the summary as JSON")
  .allowExcessArguments(false)
  .parse();

const options = command.opts<Options>();
const [given] = command.args;
if ((given === undefined) !== (options.sample === true)) command.error("error: give either a folder or --sample");

try {
  const summary = await run(given ?? sampleFolder);
  console.log(options.json ? JSON.stringify(summary) : formatSummary(summary));
  if (!summary.complete) {
    console.error(`Stopped. ${AGAIN}`);
    process.exitCode = INTERRUPTED;
  }
} catch (error) {
  process.exitCode = 1;
  console.error(explain(error));
}

async function run(dir: string): Promise<Summary> {
  const databases = await databaseUrls(options.into);
  const stop = new AbortController();
  // Only the first signal waits for the batch: a second one ends the process as usual.
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop.abort());
  const progress = progressView(process.stderr);
  try {
    return await importDump({
      dir,
      source: options.source ?? path.basename(path.resolve(dir)),
      databases,
      onProgress: progress.show,
      signal: stop.signal,
    });
  } finally {
    progress.end();
  }
}

/** A mistake in words, a bug with its stack. */
function explain(error: unknown): string {
  if (error instanceof UserError || error instanceof ConfigError) return error.message;
  if (!(error instanceof Error)) return String(error);
  if (isDatabaseAway(error)) return `The database does not answer: ${reason(error)}\nIs the forum running? ${AGAIN}`;
  if (MISTAKEN_ADDRESS.has((error as { code?: string }).code ?? "")) return `The database refuses: ${error.message}`;
  return `${error.stack}\n${AGAIN}`;
}

/** An error about several addresses of one host has only a code to say. */
function reason(error: Error): string {
  return error.message || (error as { code?: string }).code || "";
}
