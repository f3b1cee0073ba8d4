import { createReadStream } from "node:fs";
import path from "node:path";
import { SaxesParser } from "saxes";
import { DumpError } from "./dump-error.ts";

/** One `<row …/>` of a dump. */
export interface Row {
  /** Where it ends: file, line and column. */
  at: string;
  attributes: Partial<Record<string, string>>;
}

/** Characters that may come without a row being finished; more would be held in memory. */
const LONGEST_ROW = 32 * 1024 * 1024;

/**
 * Reads the rows of a file a chunk at a time; the next chunk is read when the rows of this one have been taken.
 * A DOCTYPE may name an external DTD, which is never fetched; one that declares entities is refused.
 * @throws DumpError for XML that is not well-formed, not UTF-8 or not of this shape
 */
export async function* readRows(
  file: string,
  rootName: string,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<Row[]> {
  const name = path.basename(file);
  // The fatal decoder takes the byte order mark away and throws where bytes are not UTF-8.
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const parser = new SaxesParser({ fileName: name, xmlns: false });
  let rows: Row[] = [];
  let depth = 0;
  const fail = (message: string): never => {
    throw new DumpError(parser.makeError(message).message);
  };
  parser.on("error", (error) => {
    throw new DumpError(error.message);
  });
  parser.on("doctype", (doctype) => {
    if (doctype.includes("<!ENTITY")) fail("the DOCTYPE declares an entity; dumps need none, so it is refused");
  });
  parser.on("opentag", (tag) => {
    depth++;
    if (depth === 1 && tag.name !== rootName) fail(`the root element is <${tag.name}>, not <${rootName}>`);
    if (depth > 1 && (depth > 2 || tag.name !== "row")) fail(`<${tag.name}> where only <row> may stand`);
    if (depth === 2) rows.push({ at: `${name}:${parser.line}:${parser.column}`, attributes: tag.attributes });
  });
  parser.on("closetag", () => {
    depth--;
  });

  let unfinished = 0;
  const parse = (text: string): Row[] => {
    rows = [];
    parser.write(text);
    unfinished = rows.length > 0 ? 0 : unfinished + text.length;
    if (unfinished > LONGEST_ROW) fail(`more than ${LONGEST_ROW} characters without a finished row`);
    return rows;
  };
  const decode = (bytes?: Buffer): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      return fail("the bytes that follow are not UTF-8");
    }
  };

  for await (const bytes of createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    onBytes(bytes.length);
    yield parse(decode(bytes));
  }
  yield parse(decode());
  parser.close();
}

/** Gathers what comes in pieces of any size into batches of one size, the last of which may be smaller. */
export async function* inBatches<T>(pieces: AsyncIterable<T[]>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const piece of pieces) {
    for (const item of piece) {
      batch.push(item);
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
