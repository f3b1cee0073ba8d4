import type { DatabaseUrls } from "./addresses.ts";
import { movedAway } from "./homes.ts";
import { importDump, sampleFolder } from "./import.ts";

/**
 * Loads the small dump that comes with the forum, so that it is never empty; gives the number of posts that this has added.
 * Where the sample was loaded before, and into databases that do not own their modules, nothing is added.
 */
export async function loadSample(databases: DatabaseUrls): Promise<number> {
  if ((await movedAway(databases)).length > 0) return 0;
  const { posts } = await importDump({ dir: sampleFolder, source: "sample", databases });
  return posts.added;
}
