import { UserError } from "../../terminal/user-error.ts";
import { dropSubscription, unpublish } from "../database/link.ts";
import { readOwnership, setLinked, type Homes } from "../database/ownership.ts";
import { modules, type MovingModule } from "../module.ts";

/**
 * Parts the two homes of a module for good: replication, slots and roles go, and the monolith passes on whatever still
 * comes to it. Its rows there stay as they are, as a last copy, until somebody drops them. There is no way back.
 */
export async function retire(homes: Homes, module: MovingModule): Promise<void> {
  const owner = await readOwnership(homes, module);
  if (owner !== "service") {
    throw new UserError(
      `${module.name} is not with its service yet. First: npm run cutover -- to ${module.name}, and let it prove itself.`,
    );
  }
  await assertUnneeded(homes, module);
  // First of all nobody answers from the copy any more.
  await setLinked(homes.monolith, module, false);
  await dropSubscription(homes.monolith, module);
  await dropSubscription(homes.service, module);
  await unpublish(homes.monolith, module);
  await unpublish(homes.service, module);
  await setLinked(homes.service, module, false);
}

const REFERRING = `
  SELECT DISTINCT referring.relname AS "table"
  FROM pg_constraint JOIN pg_class referring ON referring.oid = conrelid JOIN pg_class referred ON referred.oid = confrelid
  WHERE contype = 'f' AND referred.relname = ANY($1) AND NOT referring.relname = ANY($1)`;

/** Foreign keys of the monolith need the rows for as long as it writes the tables that refer to them. @throws UserError */
async function assertUnneeded({ monolith }: Homes, { name, tables }: MovingModule): Promise<void> {
  const referring = await monolith.query<{ table: string }>(REFERRING, [tables]);
  const owned = await monolith.query<{ module: string }>("SELECT module FROM ownership WHERE owner = 'monolith'");
  const needing = modules.filter(
    (module) =>
      module.tables.some((table) => referring.some((one) => one.table === table)) &&
      owned.some((one) => one.module === module.name),
  );
  if (needing.length === 0) return;
  const names = needing.map((module) => module.name).join(" and ");
  throw new UserError(
    `The monolith still writes ${names}, whose foreign keys refer to ${name}: move them first (npm run cutover -- to all).`,
  );
}
