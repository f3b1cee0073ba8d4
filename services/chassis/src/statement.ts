import pg from "pg";
import { rowWriter, type TextRow } from "./columns.ts";

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

/** A statement whose rows become JSON as they arrive, so that nothing else of them is kept until the last one is there. */
export class JsonStatement extends Statement {
  readonly json: string[] = [];
  private write!: ReturnType<typeof rowWriter>;

  handleRowDescription({ fields }: { fields: pg.FieldDef[] }): void {
    this.write = rowWriter(fields);
  }

  handleDataRow({ fields }: { fields: TextRow }): void {
    this.json.push(this.write(fields));
  }
}
