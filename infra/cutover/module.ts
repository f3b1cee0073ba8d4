import { forum } from "../forum.ts";
import { UserError } from "../terminal/user-error.ts";

/** A module that can move between the monolith and its service. */
export interface MovingModule {
  name: string;
  /** Databases of its two homes. */
  databases: { monolith: string; service: string };
  tables: string[];
  seeds: { table: string; query: string }[];
}

/** The modules of the table, in the order in which they are moved: who is referred to by others goes first. */
export const modules: MovingModule[] = forum.services
  .filter(({ name }) => name !== forum.defaultService)
  .map(({ name, database, tables, seeds = [] }) => ({
    name,
    tables,
    seeds,
    databases: { monolith: monolith().database, service: database },
  }));

function monolith() {
  return forum.services.find(({ name }) => name === forum.defaultService)!;
}

/** The modules that a command line means: one, or `all`. @throws UserError that names those that there are */
export function modulesNamed(name: string): MovingModule[] {
  const chosen = name === "all" ? modules : modules.filter((module) => module.name === name);
  if (chosen.length > 0) return chosen;
  const known = modules.map((module) => module.name).join(", ");
  throw new UserError(`There is no module "${name}". There are: ${known}; or all.`, 2);
}
