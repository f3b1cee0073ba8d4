/** Baseline: `node:http` and a pool of pg, nothing between them. Knows just the addresses that are measured. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { pool, port } from "./pool.ts";
import {
  accountGone,
  firstPage,
  lockThread,
  moduleOwner,
  newPost,
  oneThread,
  oneUser,
  PAGE,
  postsOfThread,
} from "./statements.ts";

const ACCOUNT = 1;

const server = createServer((req, res) => {
  answer(req, res).catch((error: unknown) => {
    console.error(error);
    res.writeHead(500).end();
  });
});
server.listen(port, "127.0.0.1");

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const [, , kind, place, id] = req.url!.split("/");
  if (kind === "posts" && place === "in-thread" && req.method === "POST") {
    const { text } = JSON.parse(await bodyOf(req)) as { text: string };
    return send(res, 201, await post(Number(id), text));
  }
  if (kind === "posts" && place === "in-thread") {
    const { rows } = await pool.query({ ...postsOfThread, values: firstPage(Number(id)) });
    return send(res, 200, rows.slice(0, PAGE));
  }
  if (kind === "threads" || kind === "users") {
    const statement = kind === "threads" ? oneThread : oneUser;
    const { rows } = await pool.query({ ...statement, values: [Number(place)] });
    return send(res, 200, rows[0]);
  }
  res.writeHead(404).end();
}

/** Posts in one transaction, as account 1: a check of tokens is no part of this baseline. */
async function post(threadId: number, text: string): Promise<unknown> {
  await pool.query({ ...accountGone, values: [ACCOUNT] });
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query({ ...moduleOwner, values: ["posts"] });
    await client.query({ ...lockThread, values: [threadId] });
    const { rows } = await client.query({ ...newPost, values: [threadId, ACCOUNT, text] });
    await client.query("COMMIT");
    return rows[0];
  } finally {
    client.release();
  }
}

function send(res: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  res.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(text),
  });
  res.end(text);
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  let text = "";
  req.setEncoding("utf8");
  for await (const chunk of req) text += chunk as string;
  return text;
}
