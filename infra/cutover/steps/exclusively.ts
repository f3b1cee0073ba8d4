import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../terminal/user-error.ts";
import type { Homes } from "../database/ownership.ts";
import type { MovingModule } from "../module.ts";

/** Milliseconds: a run that was killed is noticed by its database server only after a moment. */
const PATIENCE = 5000;
const PAUSE = 50;

/**
 * Lets one run at a time work on a module, by a lock that the database gives back when the run dies.
 * @throws UserError when another run holds it
 */
export async function exclusively<T>({ monolith }: Homes, module: MovingModule, work: () => Promise<T>): Promise<T> {
  const client = await monolith.connect();
  try {
    for (const deadline = performance.now() + PATIENCE; ;) {
      const { rows } = await client.query<{ locked: boolean }>(
        "SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked",
        [`cutover of ${module.name}`],
      );
      if (rows[0]?.locked) break;
      if (performance.now() > deadline) throw new UserError(`Another run of cutover works on ${module.name}.`);
      await sleep(PAUSE);
    }
    return await work();
  } finally {
    await client.end().catch(() => {});
  }
}
