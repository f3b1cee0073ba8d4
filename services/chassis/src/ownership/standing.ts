import type { Database, Queryable } from "../database.ts";
import type { Logger } from "../log.ts";

/** The two homes that a module can have. */
export const SIDES = ["monolith", "service"] as const;
export type Side = (typeof SIDES)[number];

/** How a module stands, as the row in this side's database says. */
export interface Standing {
  /** Who may write. */
  owner: Side;
  /** Whether replication joins the two sides: the owner is followed, the other side has a whole copy. */
  linked: boolean;
  /** Milliseconds since 1970: everything that the owner had confirmed by then is in the copy here. 0: nothing is known. */
  heartbeat: number;
}

const READ = `
  SELECT owner, linked, coalesce((extract(epoch FROM at) * 1000)::bigint, 0) AS heartbeat
  FROM ownership LEFT JOIN heartbeat USING (module) WHERE module = $1`;
const ADD = "INSERT INTO ownership (module, owner) VALUES ($1, $2) ON CONFLICT DO NOTHING";

/** Whether a module is elsewhere; it stays so until the transaction ends. For what has to be told to its owner. */
export async function isElsewhere(tx: Queryable, module: string, side: Side): Promise<boolean> {
  const rows = await tx.query("SELECT FROM ownership WHERE module = $1 AND owner <> $2 FOR SHARE", [module, side]);
  return rows.length > 0;
}

/** The modules of these whose other side exists: followed from here, or owned there. It stays so in the transaction. */
export async function linkedModules(tx: Queryable, modules: string[], side: Side): Promise<string[]> {
  const rows = await tx.query<{ module: string }>(
    "SELECT module FROM ownership WHERE module = ANY($1) AND (linked OR owner <> $2) FOR SHARE",
    [modules, side],
  );
  return rows.map(({ module }) => module);
}

/** Milliseconds between two looks at the row, and for how long what was seen is relied on. */
const INTERVAL = 500;
export const RELIABLE = 1500;

/** Keeps an eye on a row, so that a module that stays where it is costs its readers nothing. */
export interface StandingWatch {
  /** Reads the row for the first time; one that is not there is added, with its owner. */
  begin(firstOwner: Side): Promise<Standing>;
  /** What was seen last; undefined when that is too long ago. */
  recent(): Standing | undefined;
  /** Reads the row beside the writers, who may be waiting for a handover. */
  read(): Promise<Standing>;
  stop(): void;
}

/**
 * Looks at the row every half second. A change is seen by everyone within RELIABLE ms: who links two sides waits so long
 * before the owner may change.
 */
export function watchStanding(database: Database, module: string, log: Logger): StandingWatch {
  let last: Standing | undefined;
  let askedAt = -Infinity;
  const readWith = async (query: Queryable["query"]) => {
    const asked = performance.now();
    const [standing] = await query<Standing>(READ, [module]);
    if (!standing) throw new Error(`The table "ownership" has no row for ${module}.`);
    if (asked > askedAt) [last, askedAt] = [standing, asked];
    return standing;
  };
  const read = () => readWith(database.read);
  const look = () => read().catch((error: Error) => log.debug({ reason: error.message }, "ownership not read"));
  const timer = setInterval(() => void look(), INTERVAL).unref();
  return {
    async begin(firstOwner) {
      await database.query(ADD, [module, firstOwner]);
      // On the connection that is there now: each further one would make the start longer.
      return readWith(database.query);
    },
    recent: () => (performance.now() - askedAt < RELIABLE ? last : undefined),
    read,
    stop: () => clearInterval(timer),
  };
}
