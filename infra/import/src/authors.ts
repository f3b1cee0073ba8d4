import { addAccounts, type NewAccount } from "./accounts.ts";
import { idsOf } from "./ids.ts";
import { moment } from "./row.ts";
import type { Run } from "./run.ts";
import { fit, visible } from "./text.ts";
import type { Row } from "./xml.ts";

/** Name of the account that stands for every author of whom the dump keeps neither id nor name. */
const NOBODY = "Deleted user";

/** The attributes of a row that say who wrote it. */
export interface AuthorAttributes {
  id: string;
  name: string;
}

/**
 * Finds the account that wrote each row. For authors that Users.xml does not have, placeholder accounts are made, one
 * for each display name.
 */
export async function authorsOf(run: Run, rows: Row[], attributes: AuthorAttributes): Promise<(row: Row) => number> {
  const { source, counts } = run;
  const { users } = run.databases;
  const ids = rows.flatMap((row) => row.attributes[attributes.id] ?? []);
  const accounts = await idsOf(users, source, "user", ids);
  const accountOf = (row: Row) => accounts.get(row.attributes[attributes.id] ?? "");
  // Cut here without being counted: the account that is made of it is counted.
  const nameOf = (row: Row) => fit(visible(row.attributes[attributes.name], ""), "names", { ...counts.cut });

  const missing = new Map<string, Row>();
  for (const row of rows) if (accountOf(row) === undefined && !missing.has(nameOf(row))) missing.set(nameOf(row), row);
  let placeholders = await idsOf(users, source, "placeholder", missing.keys());
  const made = [...missing].filter(([name]) => !placeholders.has(name));
  if (made.length > 0) {
    counts.placeholders.added += await addAccounts(run, "placeholder", made.map(placeholder));
    placeholders = await idsOf(users, source, "placeholder", missing.keys());
  }
  return (row) => accountOf(row) ?? placeholders.get(nameOf(row))!;
}

const placeholder = ([name, row]: [string, Row]): NewAccount => ({
  kind: "placeholder",
  sourceId: name,
  name: name || NOBODY,
  bio: "",
  createdAt: moment(row, "CreationDate"),
});
