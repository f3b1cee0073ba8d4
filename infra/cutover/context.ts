import type { Side } from "../../services/chassis/src/ownership/standing.ts";
import { openHome, type Address } from "./database/home.ts";
import type { Homes } from "./database/ownership.ts";

/** Where both sides of a module are, for who works on its databases. */
export interface Addresses {
  databases: Record<Side, Address>;
  /** HTTP addresses of the processes themselves, past the balancer. */
  urls: Record<Side, string>;
}

/** What a step works on. */
export interface Context {
  homes: Homes;
  urls: Record<Side, string>;
}

/** Opens both homes for `work` and closes them after it. */
export async function withHomes<T>({ databases, urls }: Addresses, work: (context: Context) => Promise<T>): Promise<T> {
  const homes: Homes = {
    monolith: openHome("monolith", databases.monolith),
    service: openHome("service", databases.service),
  };
  try {
    return await work({ homes, urls });
  } finally {
    await Promise.all([homes.monolith.close(), homes.service.close()]);
  }
}
