/** As much of DNS as nginx asks for: the IPv4 addresses of a name. See RFC 1035, section 4. */

const HEADER = 12;
const TYPE_A = 1;
/** A response to a query that was right, with recursion available. */
const ANSWERED = 0x8180;
const NO_SUCH_NAME = 3;
/** Seconds; nginx has its own idea of how long an answer is good for. */
const TTL = 1;

/** The name that a query asks for, and where its question ends. @throws RangeError when it is no query */
export function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = HEADER;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** The response to a query: these addresses, or that there is no such name. */
export function responseTo(query: Buffer, addresses: readonly string[]): Buffer {
  const { type, end } = questionOf(query);
  const answers = type === TYPE_A ? addresses : [];
  const header = Buffer.alloc(HEADER);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(ANSWERED | (addresses.length === 0 ? NO_SUCH_NAME : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);
  return Buffer.concat([header, query.subarray(HEADER, end), ...answers.map(record)]);
}

/** One record; its name is a pointer to the question's. */
function record(address: string): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16BE(0xc000 | HEADER, 0);
  bytes.writeUInt16BE(TYPE_A, 2);
  bytes.writeUInt16BE(1, 4);
  bytes.writeUInt32BE(TTL, 6);
  bytes.writeUInt16BE(4, 10);
  address.split(".").forEach((part, index) => bytes.writeUInt8(Number(part), 12 + index));
  return bytes;
}
