import { setTimeout as sleep } from "node:timers/promises";

/**
 * Tries `check` again and again until it does not throw, and gives what it gives. After `within` ms the last error is
 * thrown: tests wait for conditions, never for a time.
 */
export async function eventually<T>(check: () => T | Promise<T>, within = 5000): Promise<T> {
  const deadline = performance.now() + within;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await sleep(20);
  }
}

/** What `work` gives and how many milliseconds it took. */
export async function timed<T>(work: () => Promise<T>): Promise<T & { ms: number }> {
  const begin = performance.now();
  const result = await work();
  return { ...result, ms: performance.now() - begin };
}
