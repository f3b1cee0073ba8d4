import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { linkName } from "../../infra/cutover/database/link.ts";
import { MODULES, type Module, type Outcome } from "./history.ts";
import { moduleNamed, type MovingForum } from "./moving-forum.ts";

/** What a fault may strike. */
export interface Struck {
  forum: MovingForum;
  /** The module that moves. */
  module: Module;
}

/** Something that goes wrong while a module moves. */
export interface Fault {
  name: string;
  /** How requests may fail by it. Only what is cut off in the middle may leave anything unknown. */
  allowed: Outcome[];
  /** Resolves when whatever it is is over. */
  strike(struck: Struck): Promise<void>;
}

const SERVICES = ["monolith", ...MODULES] as const;

/** Runs a statement as the administrator of the server. */
async function asAdministrator({ postgres }: MovingForum, database: string, statement: string): Promise<unknown[]> {
  const url = new URL(postgres.server.adminUrl);
  url.pathname = database;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

const terminate = async (forum: MovingForum, condition: string): Promise<void> => {
  const statement = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${condition}`;
  await asAdministrator(forum, "postgres", statement);
};

/** Milliseconds for which replication is paused. */
const PAUSE = 5000;

export const FAULTS: Fault[] = [
  {
    name: "a service is killed and started again",
    allowed: ["unavailable", "unknown"],
    strike: ({ forum, module }) => restart(forum, module),
  },
  {
    name: "the monolith is killed and started again",
    allowed: ["unavailable", "unknown"],
    strike: ({ forum }) => restart(forum, "monolith"),
  },
  {
    name: "the database connections of everybody are cut",
    // Unknown is what was being committed.
    allowed: ["unavailable", "unknown"],
    strike: ({ forum }) => terminate(forum, `usename IN ('${SERVICES.join("', '")}')`),
  },
  {
    name: "the tool's database connections are cut",
    allowed: [],
    strike: ({ forum }) => terminate(forum, "application_name = 'cutover'"),
  },
  {
    name: "the replication's connections are cut",
    allowed: [],
    strike: ({ forum }) => terminate(forum, "backend_type = 'walsender'"),
  },
  {
    name: "the balancer is restarted",
    allowed: ["unavailable", "unknown"],
    strike: ({ forum }) => forum.gateway.restart(),
  },
  {
    name: "replication pauses for 5 s",
    // A post in the monolith has to wait until its thread is there too.
    allowed: ["unavailable"],
    strike: ({ forum, module }) => pauseReplication(forum, module, PAUSE),
  },
];

async function restart({ world, child }: MovingForum, name: string): Promise<void> {
  await child(name).kill();
  await world.start(name);
}

/** Neither side of a module follows the other for some milliseconds. */
export async function pauseReplication(forum: MovingForum, module: Module, ms: number): Promise<void> {
  await setSubscriptions(forum, module, "DISABLE");
  await sleep(ms);
  await setSubscriptions(forum, module, "ENABLE");
}

/** Both directions, where they exist already. */
async function setSubscriptions(forum: MovingForum, module: Module, state: "DISABLE" | "ENABLE"): Promise<void> {
  const link = linkName(moduleNamed(module));
  for (const database of ["monolith", module]) {
    const exists = `SELECT FROM pg_subscription JOIN pg_database ON pg_database.oid = subdbid
      WHERE subname = '${link}' AND datname = current_database()`;
    const [row] = await asAdministrator(forum, database, exists);
    if (row) await asAdministrator(forum, database, `ALTER SUBSCRIPTION ${link} ${state}`);
  }
}
