import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import type { Side } from "../../../services/chassis/src/ownership/standing.ts";
import type { MovingModule } from "../module.ts";

/** Milliseconds and times for which two answers may differ: between them, somebody may have written. */
const PAUSE = 300;
const TRIES = 5;
/** Milliseconds that an answer may take. */
const PATIENCE = 5000;

/**
 * Sends the same GETs to both sides and gives those that are not answered alike, in words. The side that does not own the
 * module answers out of its copy, which may be behind by a moment.
 */
export async function differentAnswers(
  urls: Record<Side, string>,
  { name }: MovingModule,
  ids: readonly number[],
): Promise<{ compared: number; differences: string[] }> {
  const paths = [...ids.map((id) => `/api/${name}/${id}`), `/api/${name}?limit=100`, `/api/${name}/0`];
  const differences: string[] = [];
  for (const path of paths) {
    const difference = await differenceAt(urls, path);
    if (difference) differences.push(difference);
  }
  return { compared: paths.length, differences };
}

async function differenceAt(urls: Record<Side, string>, path: string): Promise<string | undefined> {
  for (let left = TRIES; ; left -= 1) {
    const [one, two] = await Promise.all([answer(urls.monolith + path), answer(urls.service + path)]);
    if (one === two) return undefined;
    if (left === 1) return `GET ${path}: the monolith answers ${one.slice(0, 200)}, the service ${two.slice(0, 200)}`;
    await sleep(PAUSE);
  }
}

/** Status and body as one text, or why there is none; a trace id is never the same. */
async function answer(url: string): Promise<string> {
  try {
    const { statusCode, body } = await request(url, { headersTimeout: PATIENCE, bodyTimeout: PATIENCE });
    return `${statusCode} ${(await body.text()).replace(/"traceId":"\w+"/, "")}`;
  } catch (error) {
    // Two sides that both do not answer are not the same: it is said of each.
    return `nothing (${(error as Error).message}, ${url})`;
  }
}
