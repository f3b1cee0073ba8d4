/** Bytes of a message's length, which counts itself. */
const LENGTH = 4;

/**
 * Reads what a client of PostgreSQL sends: first a message without a type (here "startup"), then messages whose type is a
 * letter; they may come in pieces. Gives the messages that each piece completes.
 * Source: https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export function messageReader(): (chunk: Buffer) => { type: string; text: string }[] {
  let rest = Buffer.alloc(0);
  let hasStarted = false;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const messages: { type: string; text: string }[] = [];
    for (;;) {
      const begin = hasStarted ? 1 : 0;
      if (rest.length < begin + LENGTH) return messages;
      const end = begin + rest.readUInt32BE(begin);
      if (rest.length < end) return messages;
      const text = rest.toString("latin1", begin + LENGTH, end);
      messages.push({ type: hasStarted ? String.fromCharCode(rest[0]!) : "startup", text });
      // A request for encryption is as long as its code; what starts a session follows it.
      hasStarted ||= end > 2 * LENGTH;
      rest = rest.subarray(end);
    }
  };
}
