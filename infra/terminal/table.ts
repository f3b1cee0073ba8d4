/** A column of a table: its heading, and whether it holds numbers. */
export interface Column {
  title: string;
  align?: "left" | "right";
}

/** Rows in aligned columns, with a line of headings. */
export function table(columns: Column[], rows: string[][]): string {
  const all = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, index) => Math.max(...all.map((row) => (row[index] ?? "").length)));
  const cell = (text: string, index: number) =>
    columns[index]?.align === "right" ? text.padStart(widths[index]!) : text.padEnd(widths[index]!);
  return all.map((row) => row.map(cell).join("  ").trimEnd()).join("\n");
}

/** Columns of figures, after a first one that says what they are of. */
export const figureColumns = (first: string, figures: string[]): Column[] => [
  { title: first },
  ...figures.map((title) => ({ title, align: "right" as const })),
];
