import type { Target } from "../targets/target.ts";

/** A forum that was started for the demo alone, with every module in the monolith. */
export interface DemoForum {
  /** Of the balancer. */
  url: string;
  target: Target;
  /** Runs one statement in the monolith's database. */
  query(sql: string): Promise<void>;
  /** How to stop it by hand, when it is to be kept. */
  stopCommand: string;
}

/** Starts and stops such a forum. */
export interface DemoWorld {
  /** What it runs on, in words. */
  name: string;
  start(signal: AbortSignal): Promise<DemoForum>;
  /** Ends and removes everything, however far the start came. */
  stop(): Promise<void>;
}
