/** An HTTP client that sends exactly the bytes it is given: no client library would send such requests. */
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";

export interface RawResponse {
  status: number;
  reason: string;
  /** Lower-cased name → value; the last one where a name stands twice. */
  headers: Record<string, string>;
  body: string;
}

/** A request as text, one character per byte. Adds nothing but the line ends, and `Connection: close`. */
export function rawRequest(requestLine: string, headers: readonly (readonly [string, string])[], body = ""): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return [requestLine, ...lines, "Connection: close", "", body].join("\r\n");
}

/** Sends the bytes of a latin1 text and reads until the server closes. Rejects when it stays silent for 5 seconds. */
export async function send(port: number, text: string): Promise<RawResponse> {
  const socket = connect(port, "127.0.0.1");
  socket.setTimeout(5000, () =>
    socket.destroy(new Error(`No answer within 5 s to ${JSON.stringify(text.slice(0, 200))}`)),
  );
  socket.write(text, "latin1");
  return parseResponse((await buffer(socket)).toString("latin1"));
}

/** Sends a plain GET, to the host `x`. */
export const get = (port: number, url = "/", headers: [string, string][] = []): Promise<RawResponse> =>
  send(port, rawRequest(`GET ${url} HTTP/1.1`, [["Host", "x"], ...headers]));

/** Splits a response, one character per byte, into its parts; the body is decoded from chunks where it came in chunks. */
function parseResponse(text: string): RawResponse {
  const end = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = text.slice(0, end).split("\r\n");
  const [, status, reason = ""] = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/.exec(statusLine) ?? [];
  if (end < 0 || !status) throw new Error(`Not an HTTP response: ${JSON.stringify(text.slice(0, 200))}`);
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const body = text.slice(end + 4);
  const isChunked = headers["transfer-encoding"] === "chunked";
  return { status: Number(status), reason, headers, body: isChunked ? joinChunks(body) : body };
}

function joinChunks(body: string): string {
  const size = parseInt(body, 16);
  if (!size) return "";
  const start = body.indexOf("\r\n") + 2;
  return body.slice(start, start + size) + joinChunks(body.slice(start + size + 2));
}
