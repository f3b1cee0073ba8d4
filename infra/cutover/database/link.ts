/** What joins the two homes of a module: publications, slots and subscriptions in both directions. */
import { randomBytes } from "node:crypto";
import type { Side } from "../../../services/chassis/src/ownership/standing.ts";
import type { MovingModule } from "../module.ts";
import { name, text, type Home } from "./home.ts";
import { other } from "./ownership.ts";

/** Publication and subscription of a module have the same name on both sides. */
export const linkName = ({ name }: MovingModule): string => `cutover_${name}`;

/** The slot in the database that is followed, and the role that reads it, named after who follows. */
export const slotName = ({ name }: MovingModule, follower: Side): string => `cutover_${name}_to_${follower}`;

const exists = async (home: Home, query: string, value: string): Promise<boolean> =>
  (await home.query(query, [value])).length > 0;

/** Publishes the tables of a module, and its heartbeat alone of all modules'. */
export async function ensurePublication(home: Home, module: MovingModule): Promise<void> {
  const publication = linkName(module);
  if (await exists(home, "SELECT FROM pg_publication WHERE pubname = $1", publication)) return;
  const tables = module.tables.map((table) => `TABLE ${name(table)}`).join(", ");
  const heartbeat = `TABLE heartbeat WHERE (module = ${text(module.name)})`;
  await home.query(`CREATE PUBLICATION ${name(publication)} FOR ${tables}, ${heartbeat}`);
}

/** Makes the role with which the follower's database server reads, and gives how it connects. */
export async function ensureReader(home: Home, module: MovingModule): Promise<string> {
  const role = slotName(module, other(home.side));
  const password = randomBytes(24).toString("base64url");
  if (!(await exists(home, "SELECT FROM pg_roles WHERE rolname = $1", role))) {
    await home.query(`CREATE ROLE ${name(role)} LOGIN`);
  }
  await home.query(`ALTER ROLE ${name(role)} PASSWORD ${text(password)}`);
  // On RDS and Aurora replication is a membership, elsewhere an attribute.
  const managed = await exists(home, "SELECT FROM pg_roles WHERE rolname = $1", "rds_replication");
  await home.query(managed ? `GRANT rds_replication TO ${name(role)}` : `ALTER ROLE ${name(role)} REPLICATION`);
  const [row] = await home.query<{ database: string }>("SELECT current_database() AS database");
  await home.query(`GRANT CONNECT ON DATABASE ${name(row!.database)} TO ${name(role)}`);
  await home.query(`GRANT USAGE ON SCHEMA public TO ${name(role)}`);
  for (const table of [...module.tables, "heartbeat"]) {
    await home.query(`GRANT SELECT ON ${name(table)} TO ${name(role)}`);
  }
  return home.connectionFor(role, password);
}

/**
 * Makes the slot from which `follower` reads. By hand and in a transaction of its own: where both databases are in one
 * server, CREATE SUBSCRIPTION would wait for itself.
 */
export async function ensureSlot(home: Home, module: MovingModule, follower: Side): Promise<void> {
  const slot = slotName(module, follower);
  if (await exists(home, "SELECT FROM pg_replication_slots WHERE slot_name = $1", slot)) return;
  await home.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [slot]);
}

export const hasSubscription = (follower: Home, module: MovingModule): Promise<boolean> =>
  exists(
    follower,
    "SELECT FROM pg_subscription WHERE subname = $1 AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())",
    linkName(module),
  );

/**
 * Lets `follower` follow. `origin = none`: what came from the other side does not go back there, so both directions can
 * run at once.
 */
export async function ensureSubscription(
  follower: Home,
  module: MovingModule,
  { connection, copy }: { connection: () => Promise<string>; copy: boolean },
): Promise<void> {
  if (await hasSubscription(follower, module)) return;
  const link = name(linkName(module));
  await follower.query(
    `CREATE SUBSCRIPTION ${link} CONNECTION ${text(await connection())} PUBLICATION ${link}
     WITH (create_slot = false, slot_name = ${text(slotName(module, follower.side))}, origin = none, copy_data = ${copy},
           synchronous_commit = local)`,
  );
}

/** Ends what `follower` follows; the slot on the other side is dropped by `dropSlot`. */
export async function dropSubscription(follower: Home, module: MovingModule): Promise<void> {
  if (!(await hasSubscription(follower, module))) return;
  const link = name(linkName(module));
  await follower.query(`ALTER SUBSCRIPTION ${link} DISABLE`);
  // Without its slot: it may be on a server that does not answer, and in the same server dropping both at once waits for itself.
  await follower.query(`ALTER SUBSCRIPTION ${link} SET (slot_name = NONE)`);
  await follower.query(`DROP SUBSCRIPTION ${link}`);
}

/** Drops the slot from which `follower` read, with the connection that still uses it. */
async function dropSlot(home: Home, module: MovingModule, follower: Side): Promise<void> {
  const slot = slotName(module, follower);
  await home.query(
    "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = $1 AND active_pid IS NOT NULL",
    [slot],
  );
  await home.query("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1", [slot]);
}

/** Takes away what a follower needed on this side. */
export async function unpublish(home: Home, module: MovingModule): Promise<void> {
  await dropSlot(home, module, other(home.side));
  await home.query(`DROP PUBLICATION IF EXISTS ${name(linkName(module))}`);
  const role = slotName(module, other(home.side));
  if (!(await exists(home, "SELECT FROM pg_roles WHERE rolname = $1", role))) return;
  await home.query(`DROP OWNED BY ${name(role)}`);
  await home.query(`DROP ROLE ${name(role)}`);
}
