/** Processes that die while their calls are on the way to AWS. */
import { execa } from "execa";
import { isReading } from "../../infra/deploy/ask.ts";
import type { Between } from "./aws-proxy.ts";

/** Milliseconds without a call after which a process has no more to say before it hears an answer. */
const QUIET = 40;

export interface Reaper {
  /** Holds every call that changes something until its process is dead, once for each call. */
  between: Between;
  /** The calls that were made, and whose process died before it heard so. */
  fatal: Set<string>;
  /** How often a process died before such a call was made. */
  unmade: number;
  /**
   * Runs a Node program, again and again, until one run survives: all it had to call has been fatal before.
   * @returns how many runs were killed
   * @throws Error when a run fails by itself, or too many die
   */
  runUntilSurvived(args: string[], most: number): Promise<number>;
}

/**
 * @param isMade draws whether a call is made before its process dies; one that is not will be tried again by the next
 */
export function createReaper(isMade: () => boolean): Reaper {
  const fatal = new Set<string>();
  let kill: () => void = () => {};
  let timer: NodeJS.Timeout | undefined;

  const between: Between = async (request, forward) => {
    if (isReading(request.operation)) return forward();
    const key = keyOf(request.operation, request.body.toString());
    if (fatal.has(key)) return forward();
    clearTimeout(timer);
    if (isMade()) {
      await forward();
      fatal.add(key);
    } else {
      reaper.unmade += 1;
    }
    clearTimeout(timer);
    timer = setTimeout(kill, QUIET);
    // Nobody will be there for the answer.
    return new Promise(() => {});
  };

  const reaper: Reaper = {
    between,
    fatal,
    unmade: 0,
    async runUntilSurvived(args, most) {
      for (let deaths = 0; deaths <= most; deaths += 1) {
        const child = execa(process.execPath, args, { reject: false });
        kill = () => child.kill("SIGKILL");
        const { signal, exitCode, stderr } = await child;
        if (exitCode === 0) return deaths;
        if (signal !== "SIGKILL") throw new Error(`run ${deaths + 1} has failed by itself: ${stderr}`);
      }
      throw new Error(`${most} runs died, and the next one would as well`);
    },
  };
  return reaper;
}

/** A call without what is new at every try: tokens and made-up secrets. */
const keyOf = (operation: string, body: string): string => `${operation} ${body.replaceAll(/[\w-]{32,}/g, "…")}`;
