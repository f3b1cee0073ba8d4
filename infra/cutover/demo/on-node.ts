/** The demo's forum on plain Node: an `npm start` of its own, with a real PostgreSQL server out of an npm package. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { request } from "undici";
import type { Running } from "../../local/control.ts";
import { freePort } from "../../local/postgres.ts";
import { UserError } from "../../terminal/user-error.ts";
import { localTarget } from "../targets/local.ts";
import type { DemoForum, DemoWorld } from "./forum.ts";

export interface NodeWorldOptions {
  /** Where its data is while it runs: the folder is removed at the end. */
  data: string;
  port?: number | undefined;
}

const local = path.resolve(import.meta.dirname, "../../local");
/** Milliseconds for PostgreSQL, four processes and the sample data. */
const PATIENCE = 120_000;

export function onNode({ data, port }: NodeWorldOptions): DemoWorld {
  let child: ChildProcess | undefined;
  let said = "";
  return {
    name: "plain Node",
    async start(signal): Promise<DemoForum> {
      const url = `http://127.0.0.1:${port ?? (await freePort())}`;
      const options = ["--owner", "monolith", "--fresh", "--quiet", "--data", data, "--port", new URL(url).port];
      // It ends with this process, however that ends; Ctrl-C in the terminal is for the demo alone.
      const preload = ["--import", path.join(local, "end-with-parent.ts")];
      const arguments_ = [...preload, path.join(local, "start.ts"), ...options];
      child = spawn(process.execPath, arguments_, { stdio: ["pipe", "pipe", "pipe"], detached: true });
      const keep = (text: Buffer) => (said = `${said}${text.toString()}`.slice(-4000));
      child.stdout!.on("data", keep);
      child.stderr!.on("data", keep);
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
      while (!(await hasThreads(url))) {
        if (child.exitCode !== null || deadline.aborted)
          throw new UserError(`The forum did not start:\n${said.trim()}`);
        await sleep(100);
      }
      const databases = JSON.parse(await readFile(path.join(data, "databases.json"), "utf8")) as { monolith: string };
      const { pid } = JSON.parse(await readFile(path.join(data, "running.json"), "utf8")) as Running;
      return {
        url,
        target: await localTarget(data),
        query: (sql) => run(databases.monolith, sql),
        stopCommand: `kill ${pid}`,
      };
    },
    async stop() {
      if (child && child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** The sample comes last. */
async function hasThreads(url: string): Promise<boolean> {
  try {
    const { statusCode, body } = await request(`${url}/api/threads`);
    const text = await body.text();
    return statusCode === 200 && text !== "[]";
  } catch {
    return false;
  }
}

async function run(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
