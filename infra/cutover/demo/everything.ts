/** Reads all that the forum has, as any client can: page by page. */
import { setTimeout as sleep } from "node:timers/promises";
import { encodeCursor } from "../../../services/contract/src/index.ts";
import { UserError } from "../../terminal/user-error.ts";
import type { Entry, Everything, Kind, Shown } from "./ledger.ts";
import { audit, type Audit } from "./ledger.ts";
import { textOf } from "./member.ts";
import { openSession, type Session } from "./session.ts";

/** What a deleted thread's posts may take to be gone, by the contract, in milliseconds. */
const EVENTUALLY = 5000;

/**
 * Compares what was acknowledged with what the owners say is there; gives eventual things their time.
 * @param since milliseconds since 1970: nothing of the entries is older
 */
export async function auditForum(url: string, entries: readonly Entry[], since: number): Promise<Audit> {
  const session = openSession(url, () => {});
  try {
    for (const deadline = performance.now() + EVENTUALLY; ; await sleep(250)) {
      const found = audit(entries, await readEverything(session, since));
      if (found.lost.length + found.doubled.length === 0 || performance.now() > deadline) return found;
    }
  } finally {
    await session.close();
  }
}

/** For clocks that differ. */
const MINUTE = 60_000;

async function readEverything(session: Session, since: number): Promise<Everything> {
  const after = encodeCursor({ createdAt: since - MINUTE, id: 1 });
  return {
    users: await readAll(session, "users", after),
    threads: await readAll(session, "threads", after),
    posts: await readAll(session, "posts", after),
  };
}

async function readAll(session: Session, kind: Kind, after: string): Promise<Shown[]> {
  const rows: Shown[] = [];
  for (let path: string | undefined = `/api/${kind}?limit=100&after=${after}`; path !== undefined;) {
    const { status, body, headers, broken } = await session.send({ method: "GET", path, expected: [200], fresh: true });
    if (status !== 200) throw new UserError(`${path} cannot be read for the final check: ${broken ?? status}`);
    rows.push(...(body as { id: number }[]).map((row) => ({ id: row.id, text: textOf(kind, row) })));
    path = /<([^>]+)>; *rel="next"/.exec(String(headers["link"] ?? ""))?.[1];
  }
  return rows;
}
