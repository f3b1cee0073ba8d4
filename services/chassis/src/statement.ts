import pg from "pg";
import type { TextRows } from "./columns.ts";

/** A statement with its values, which a connection prepares once under a name that belongs to its text. */
export class Statement extends pg.Query {
  readonly name: string;
  callback?: (error: Error | null, result?: pg.QueryResult) => void;

  constructor(name: string, text: string, values: unknown[]) {
    // Given as an object, they would be copied property by property.
    super(text, values);
    this.name = name;
  }
}

/** A statement whose rows are kept as they arrive. */
export class TextStatement extends Statement implements TextRows {
  fields: TextRows["fields"] = [];
  readonly texts: TextRows["texts"] = [];

  handleRowDescription({ fields }: { fields: pg.FieldDef[] }): void {
    this.fields = fields;
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    this.texts.push(fields);
  }
}
