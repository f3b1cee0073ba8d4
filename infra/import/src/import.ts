import { stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { openDatabase } from "../../../services/chassis/src/database.ts";
import { createLog } from "../../../services/chassis/src/log.ts";
import { UserError } from "../../terminal/user-error.ts";
import { storeUsers } from "./accounts.ts";
import type { DatabaseUrls } from "./addresses.ts";
import { assertAtHome, movedAway } from "./homes.ts";
import { prepare } from "./ids.ts";
import { storeComments, storePosts } from "./posts.ts";
import type { Databases, Run } from "./run.ts";
import { noCounts, rowsOf, type Summary } from "./summary.ts";
import { storeThreads } from "./threads.ts";
import { inBatches, readRows, type Row } from "./xml.ts";

export type { Summary } from "./summary.ts";

/** Folder of the small dump that comes with this program; it lies at the same place beside a bundle. */
export const sampleFolder = fileURLToPath(new URL("../sample/", import.meta.url));

export interface Progress {
  stage: string;
  /** Bytes of all that is to be read. */
  totalBytes: number;
  bytes: number;
  /** Rows of the forum that were added or found so far. */
  rows: number;
}

export interface ImportOptions {
  /** Folder with Users.xml, Posts.xml and Comments.xml. */
  dir: string;
  /** Name of the dump: what was imported under the same name is not imported again. */
  source: string;
  databases: DatabaseUrls;
  /** Called at the start of each stage and after each batch. */
  onProgress?: (progress: Progress) => void;
  /** Ends the import after the batch under way; the summary then says that it is not complete. */
  signal?: AbortSignal;
}

/** Rows stored in one statement: enough that round trips cost little, few enough that a batch takes milliseconds. */
const BATCH = 500;

interface Stage {
  title: string;
  file: string;
  root: string;
  store: (run: Run, rows: Row[]) => Promise<void>;
}

/** Each stage needs what the ones before it stored. Posts.xml is read twice, so that its rows may have any order. */
const stages: Stage[] = [
  { title: "users", file: "Users.xml", root: "users", store: storeUsers },
  { title: "threads", file: "Posts.xml", root: "posts", store: storeThreads },
  { title: "posts", file: "Posts.xml", root: "posts", store: storePosts },
  { title: "comments", file: "Comments.xml", root: "comments", store: storeComments },
];

/**
 * Loads a Stack Exchange data dump into the forum. It may be ended at any instant and run again: nothing is doubled
 * and nothing is lost.
 * @throws UserError for what a person can set right; what was stored until then stays
 * @throws the errors of the database driver
 */
export async function importDump(options: ImportOptions): Promise<Summary> {
  const { dir, source, onProgress = () => {}, signal } = options;
  const started = performance.now();
  const totalBytes = await sizeOf(dir);
  const databases = open(options.databases);
  const run: Run = { source, databases, counts: noCounts() };
  let bytes = 0;
  const aborted = () => signal?.aborted ?? false;
  try {
    assertAtHome(await movedAway(options.databases));
    for (const module of ["users", "threads", "posts"] as const) await prepare(databases[module], [module]);
    for (const { title, file, root, store } of stages) {
      if (aborted()) break;
      const report = () => onProgress({ stage: title, totalBytes, bytes, rows: rowsOf(run.counts) });
      report();
      const rows = readRows(path.join(dir, file), root, (read) => {
        bytes += read;
      });
      for await (const batch of inBatches(rows, BATCH)) {
        await store(run, batch);
        report();
        if (aborted()) break;
      }
    }
    run.counts.placeholders.alreadyThere = (await placeholders(run)) - run.counts.placeholders.added;
  } finally {
    await Promise.all([...new Set(Object.values(databases))].map((database) => database.close()));
  }
  const seconds = (performance.now() - started) / 1000;
  return {
    source,
    complete: !aborted(),
    ...run.counts,
    seconds: Number(seconds.toFixed(2)),
    rowsPerSecond: Math.round(rowsOf(run.counts) / seconds),
  };
}

const files = [...new Set(stages.map((stage) => stage.file))];

/** Bytes that will be read. @throws UserError that names every file that is missing */
async function sizeOf(dir: string): Promise<number> {
  const sizes = new Map<string, number>();
  for (const file of files) {
    const found = await stat(path.join(dir, file)).catch(() => undefined);
    if (found?.isFile()) sizes.set(file, found.size);
  }
  const missing = files.filter((file) => !sizes.has(file));
  if (missing.length > 0) throw new UserError(`${dir} has no ${missing.join(", ")}: is it the folder of a dump?`);
  return stages.reduce((sum, stage) => sum + sizes.get(stage.file)!, 0);
}

/** One pool for each different address. */
function open(urls: DatabaseUrls): Databases {
  const log = createLog("import", "silent");
  const pools = new Map(
    [...new Set(Object.values(urls))].map((url) => [
      url,
      openDatabase({ url, poolSize: 2, statementTimeout: 60_000, connectTimeout: 5000, log }),
    ]),
  );
  return { users: pools.get(urls.users)!, threads: pools.get(urls.threads)!, posts: pools.get(urls.posts)! };
}

async function placeholders({ databases, source }: Run): Promise<number> {
  const [row] = await databases.users.query<{ count: number }>(
    "SELECT count(*) FROM import.ids WHERE source = $1 AND kind = 'placeholder'",
    [source],
  );
  return row?.count ?? 0;
}
