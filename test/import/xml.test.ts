import assert from "node:assert/strict";
import path from "node:path";
import { describe, test } from "node:test";
import { DumpError } from "../../infra/import/src/dump-error.ts";
import { moment, required, sourceId } from "../../infra/import/src/row.ts";
import { inBatches, readRows, type Row } from "../../infra/import/src/xml.ts";
import { user, writeDump, xml } from "./dumps.ts";

async function read(text: string): Promise<Row[]> {
  const file = path.join(await writeDump({ users: text }), "Users.xml");
  const rows: Row[] = [];
  for await (const piece of readRows(file, "users")) rows.push(...piece);
  return rows;
}

const refuses = (text: string, message: RegExp) =>
  assert.rejects(read(text), (error) => error instanceof DumpError && message.test(error.message));

test("takes byte order mark, DOCTYPE with an external DTD, references and characters beyond the BMP", async () => {
  const [row] = await read(xml("users", [user(1, { DisplayName: 'a&b <c> "d"\n😀 é' })]));
  assert.equal(row!.attributes.DisplayName, 'a&b <c> "d"\n😀 é');
});

test("reads a row that is longer than a chunk", async () => {
  const long = "😀é".repeat(300_000);
  const rows = await read(xml("users", [user(1, { AboutMe: long }), user(2)]));
  assert.equal(rows.length, 2);
  assert.equal(rows[0]!.attributes.AboutMe, long);
});

describe("refuses", () => {
  const entity = (declaration: string) => xml("users", [user(1)], `<!DOCTYPE users [${declaration}]>`);
  test("an entity declaration", () => refuses(entity('<!ENTITY a "b">'), /^Users\.xml:2:\d+: .*declares an entity/));
  test("an external entity", () => refuses(entity('<!ENTITY a SYSTEM "file:///etc/passwd">'), /declares an entity/));
  test("a parameter entity", () => refuses(entity('<!ENTITY % a SYSTEM "http://x/">'), /declares an entity/));
  test("an unknown reference", () => refuses('<users>\n<row Id="&a;" />\n</users>', /^Users\.xml:2:\d+: undefined/));
  test("a row that does not end", () => refuses('<users>\n\n<row Id="1"\n</users>', /^Users\.xml:4:\d+: /));
  test("a file that does not end", () => refuses('<users>\n<row Id="1" />\n', /^Users\.xml:3:\d+: unclosed tag/));
  test("an empty file", () => refuses("", /^Users\.xml:1:0: /));
  test("the file of another table", () => refuses(xml("posts", []), /<posts>, not <users>/));
  test("anything but rows", () => refuses("<users><user/></users>", /<user> where only <row>/));
  test("U+0000", () => refuses('<users><row Id="&#0;"/></users>', /malformed character entity/));
  test("an attribute without end", () => refuses(`<users><row Id="${"x".repeat(33 << 20)}`, /without a finished row/));
});

test("says where an attribute is missing or wrong", async () => {
  const [row] = await read('<users>\n<row Id="1x" CreationDate="yesterday"/>\n</users>');
  const says = (message: RegExp) => ({ name: "DumpError", message });
  assert.throws(() => required(row!, "Title"), says(/^Users\.xml:2:\d+: the row has no attribute Title$/));
  assert.throws(() => sourceId(row!, "Id"), says(/^Users\.xml:2:\d+: Id is not a whole number$/));
  assert.throws(() => moment(row!, "CreationDate"), says(/CreationDate is not a time/));
});

test("batches are of one size but the last", async () => {
  async function* pieces() {
    yield* [[1], [], [2, 3, 4, 5], [6, 7]];
  }
  const batches: number[][] = [];
  for await (const batch of inBatches(pieces(), 3)) batches.push(batch);
  assert.deepEqual(batches, [[1, 2, 3], [4, 5, 6], [7]]);
});
