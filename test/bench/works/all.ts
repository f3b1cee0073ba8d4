import type { Work } from "../work.ts";
import { oneThread, oneUser } from "./by-id.ts";
import { growthTo } from "./growth.ts";
import { hop, mixed, peer } from "./mixed.ts";
import { posting } from "./posting.ts";
import { postsOfThread } from "./posts-of-thread.ts";

/** In the order in which they are measured. `sizes` are those of the table of posts that grows. */
export const worksWith = (sizes: number[]): Work[] => [
  postsOfThread,
  oneThread,
  oneUser,
  posting,
  mixed,
  hop,
  peer,
  growthTo(sizes),
];
