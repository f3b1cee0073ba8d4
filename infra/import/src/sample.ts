import { importDump, sampleFolder, type DatabaseUrls } from "./import.ts";

/**
 * Loads the small dump that comes with the forum, so that it is never empty; gives the number of posts that this has added.
 * Where the sample was loaded before, nothing is added.
 */
export async function loadSample(databases: DatabaseUrls): Promise<number> {
  const { posts } = await importDump({ dir: sampleFolder, source: "sample", databases });
  return posts.added;
}
